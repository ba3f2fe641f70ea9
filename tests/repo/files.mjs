// Sizes, and files that nobody needs.
import { files, includes, read, sources, texts_only } from './tree.mjs';
import { test } from './checks.mjs';

const lines_of = (file) => read(file).split('\n').length - 1;

// Read by people or by tools under their own name; nothing in the tree has to name them.
const kKnownByName = /(^|\/)(README\.md|LICENSE|CMakeLists\.txt|CMakePresets\.json|\.clang-format|\.clang-tidy|\.gitignore|\.npmrc|package\.json|package-lock\.json)$|^(run|test|\.ci\/run)$/;
// Read as whole folders: packs and texts by the catalogue and the build, a fuzzer's corpus,
// golden bytes and the browser's tests by those who run them.
const kReadAsFolders = /^(assets\/(packs|texts)\/|tests\/fuzz\/corpus\/|tests\/([a-z]+\/)?golden\/|tests\/browser\/.*_test\.mjs$)/;

// What a CMakeLists.txt compiles: every *.cpp beside it (and in native/ and web/) when it
// calls banyan_module or banyan_program, and whatever it names.
function is_built(file) {
  const parts = file.split('/');
  const name = parts.pop();
  for (let depth = parts.length; depth >= 0; --depth) {
    const folder = parts.slice(0, depth);
    const list = [...folder, 'CMakeLists.txt'].join('/');
    if (!known.has(list)) continue;
    const rest = [...parts.slice(depth), name].join('/');
    const text = read(list);
    const beside = /^(native\/|web\/)?[^/]+$/.test(rest);
    if (text.includes(rest)) return true;
    if (beside && /banyan_(module|program|tests)\(/.test(text)) return true;
    if (/GLOB/.test(text)) return true;
    break;
  }
  // tests/unit/<path>/x_test.cpp belongs to the module that <path> is.
  const module = file.match(/^tests\/unit\/(.+?)(\/(native|web))?\/[^/]+\.cpp$/)?.[1];
  return Boolean(module && known.has(`${module}/CMakeLists.txt`) && read(`${module}/CMakeLists.txt`).includes('banyan_tests('));
}
const known = new Set(files);

test('no source is longer than 500 lines, no view longer than 300', () => {
  return texts_only.filter((file) => /\.(h|cpp|mjs|js|sh|cmake|css|html)$/.test(file)).flatMap((file) => {
    const most = /^client\/views\/.*\.cpp$/.test(file) ? 300 : 500;
    const lines = lines_of(file);
    return lines > most ? [`${file}: ${lines} lines, at most ${most}`] : [];
  });
});

test('every source is built by a CMakeLists.txt', () => {
  return sources.filter((file) => file.endsWith('.cpp') && !is_built(file));
});

test('every header is included by somebody', () => {
  const used = new Set(sources.flatMap((file) => includes(file).map(({ name }) => name)));
  const named = (file) => texts_only.some((other) => /CMakeLists\.txt$|\.cmake$/.test(other) && read(other).includes(file));
  return sources.filter((file) => file.endsWith('.h') && !used.has(file) && !named(file));
});

test('every script and asset is named by another file', () => {
  const all = texts_only.map((file) => [file, read(file)]);
  return files.filter((file) => {
    if (/\.(h|cpp)$/.test(file) || kKnownByName.test(file) || kReadAsFolders.test(file)) return false;
    const name = file.split('/').pop();
    const stem = name.replace(/\.[^.]*$/, '');
    // By its name, or without the ending where that is how it is asked for.
    return !all.some(([other, text]) => other !== file && (text.includes(name) || text.includes(`/${stem}`)));
  });
});

test('no file but a picture or a font is larger than 400 KB', () => {
  return files.filter((file) => !/\.(png|ttf|jpg)$/.test(file) && read(file).length > 400_000);
});
