// Laid before every program that node runs. Node has had a fetch() since 18 that takes
// no file paths; older versions of emcc see it and try to load the program with it.
globalThis.fetch = undefined;
