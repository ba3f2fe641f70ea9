// ./run in a folder where the build is stubs that write down that they were called, and
// the server a program that writes down how.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from './checks.mjs';

const kScript = '#!/usr/bin/env bash\nset -e\nroot=$(cd "$(dirname "$0")/.." && pwd)\n';
const kServer = '#!/usr/bin/env bash\\necho "server $*" >>"$CALLS"\\n[[ $1 != demo ]] || mkdir -p "$4/made"\\n';

function stage(script) {
  const folder = mkdtempSync(path.join(tmpdir(), 'banyan-run-'));
  const calls = `${folder}.calls`;
  const put = (file, text) => {
    mkdirSync(path.dirname(`${folder}/${file}`), { recursive: true });
    writeFileSync(`${folder}/${file}`, text);
    chmodSync(`${folder}/${file}`, 0o755);
    utimesSync(`${folder}/${file}`, 1e9, 1e9);
  };
  try {
    copyFileSync('run', `${folder}/run`);
    writeFileSync(calls, '');
    put('third_party/install', kScript);
    put('cmake/build', `${kScript}echo "build $*" >>"$CALLS"
      mkdir -p "$root/build/native-release/bin"
      printf '${kServer}' >"$root/build/native-release/bin/banyan-server"
      chmod +x "$root/build/native-release/bin/banyan-server"\n`);
    put('cmake/lay_out', `${kScript}mkdir -p "$root/build/web"\n`);
    put('shared/a.cpp', '');
    const run = (...args) => {
      writeFileSync(calls, '');
      const { status, stderr } = spawnSync('./run', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, CALLS: calls } });
      return { status, stderr, calls: readFileSync(calls, 'utf8').trim().split('\n').filter(Boolean) };
    };
    return script(run, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(calls, { force: true });
  }
}
const later = (file) => utimesSync(file, Date.now() / 1000 + 60, Date.now() / 1000 + 60);

test('./run builds once, and again only after a change', () => {
  return stage((run, folder) => {
    const wrong = [];
    const builds = (what, wanted) => {
      const { calls, status, stderr } = run('--build');
      if (status !== 0) wrong.push(`${what}: ${stderr}`);
      if (calls.length > 0 !== wanted) wrong.push(`${what}: ${calls.length ? 'built' : 'did not build'}`);
    };
    builds('the first start', true);
    builds('the second start', false);
    later(`${folder}/shared/a.cpp`);
    builds('after a change', true);
    return wrong;
  });
});

test('./run makes the demo bank in an empty folder only, and passes its options on', () => {
  return stage((run, folder) => {
    const wrong = [];
    const data = `${folder}/bank`;
    const first = run('--port', '9001', '--data', data, '--demo', 'county', '--tls').calls.filter((call) => call.startsWith('server'));
    const second = run('--data', data).calls;
    const serve = (port, more) => `server serve --port ${port} --data ${data} --web build/web${more}`;
    if (first[0] !== `server demo county --data ${data}`) wrong.push(`first: ${first[0]}`);
    if (first[1] !== serve(9001, ' --tls')) wrong.push(`then: ${first[1]}`);
    if (second.length !== 1 || second[0] !== serve(8080, '')) wrong.push(`second start: ${second.join('; ')}`);
    return wrong;
  });
});

test('./run refuses what it does not understand, before it does anything', () => {
  return stage((run) => [['--port', '0'], ['--port', 'x'], ['--demo', 'huge'], ['--port'], ['--what']].flatMap((args) => {
    const { status, stderr, calls } = run(...args);
    return status === 2 && stderr.startsWith('run: ') && !calls.length ? [] : [`${args.join(' ')}: ${status} ${stderr}`];
  }));
});
