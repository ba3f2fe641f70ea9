// The checks on the tree, gathered from the files that name them: test(name, check), where
// the check returns the list of what is wrong, or { skipped: reason }.
export const checks = [];
export const test = (name, check) => { checks.push({ name, check }); };
