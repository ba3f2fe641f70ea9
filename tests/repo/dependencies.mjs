// The list of third parties is complete and true, and names no mirror.
import { files, includes, read, sources, texts_only, versions } from './tree.mjs';
import { test } from './checks.mjs';

const kFields = ['Name', 'Source', 'For', 'Ships', 'Licence', 'Reason'];
// Headers of the language, the system and Emscripten, which is in the list as a compiler.
const kOfTheSystem = /^(c?[a-z_]+|sys\/\w+|[a-z_]+\.h|(sys|net|netinet|arpa|emscripten|GLES3|GLES2|EGL|linux)\/[\w.]+\.h|emscripten\.h)$/;

test('every third party has a source, a licence and a reason', () => {
  return versions().flatMap((entry) => {
    const missing = kFields.filter((field) => !entry[field]).map((field) => `${entry.Name}: no ${field}`);
    if (/^npm /.test(entry.Source) && !/^[0-9a-f]{64}$/.test(entry.Sha256 ?? '')) missing.push(`${entry.Name}: no Sha256`);
    if (/^debian$/.test(entry.Source) && !entry.Package) missing.push(`${entry.Name}: no Package`);
    if (!['build', 'test', 'failover'].includes(entry.For)) missing.push(`${entry.Name}: For is build, test or failover`);
    return missing;
  });
});

test('every foreign header belongs to an entry of the list', () => {
  const headers = versions().map(({ Header }) => Header).filter(Boolean);
  const wrong = new Set();
  for (const file of sources) {
    for (const { name, system } of includes(file)) {
      if (!system || headers.some((header) => name === header || name.startsWith(header))) continue;
      if (/^imgui|^zstd_errors\.h$/.test(name)) continue;  // of the listed libraries
      if (!kOfTheSystem.test(name)) wrong.add(`${file}: <${name}>`);
    }
  }
  return [...wrong];
});

test('every package of a package.json is in the list, in that version', () => {
  const listed = versions().filter(({ Source }) => Source.startsWith('npm-lock '));
  const wrong = [];
  for (const file of files.filter((name) => /(^|\/)package\.json$/.test(name))) {
    const folder = file.replace(/\/?package\.json$/, '');
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      const entry = listed.find(({ Package, Source }) => Package === name && Source === `npm-lock ${folder}`);
      if (!entry) wrong.push(`${file}: ${name} is not in third_party/versions`);
      else if (entry.Version !== version) wrong.push(`${file}: ${name} ${version}, the list says ${entry.Version}`);
    }
  }
  for (const { Package, Source } of listed) {
    const file = `${Source.slice('npm-lock '.length)}/package.json`;
    if (!files.includes(file) || !(Package in JSON.parse(read(file)).dependencies)) wrong.push(`${Package}: not in ${file}`);
  }
  return wrong;
});

test('every lock file pins by hash and names no address of a package', () => {
  return files.filter((name) => name.endsWith('package-lock.json')).flatMap((file) => {
    const packages = Object.entries(JSON.parse(read(file)).packages).filter(([path]) => path);
    return packages.flatMap(([path, entry]) => [
      ...(entry.integrity ? [] : [`${file}: ${path} has no hash`]),
      ...(entry.resolved ? [`${file}: ${path} names ${entry.resolved}`] : []),
    ]);
  });
});

test('no file names a package registry or a mirror', () => {
  // Put together here, so that this file does not name them either.
  const hosts = [['registry', 'npmjs'], ['deb', 'debian', 'org'], ['ftp', 'debian'], ['snapshot', 'debian'],
    ['pypi', 'org'], ['crates', 'io/api'], ['archive', 'ubuntu'], ['unpkg', 'com'], ['cdn', 'jsdelivr']].map((parts) => parts.join('.'));
  return texts_only.flatMap((file) => hosts.filter((host) => read(file).includes(host)).map((host) => `${file}: ${host}`));
});
