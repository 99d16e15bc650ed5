// `npm test`: installs what is missing, a browser too, then runs every check and every test.
// The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bin, ensureBuilt, ensureInstalled, requireNode, root } from './workspace.mjs';

requireNode();
ensureInstalled();
ensureBrowser();
const { runChecks } = await import('./checks.mjs');
const checks = await runChecks();
ensureBuilt();
const tests = runTests();
console.log(`${checks.passed + tests.passed} passed, ${checks.failed + tests.failed} failed`);
process.exit(checks.failed + tests.failed === 0 ? 0 : 1);

/** Chromium from the system's packages, where that is possible without asking; the tests say so when there is none. */
function ensureBrowser() {
  const places = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  if (places.some((place) => place && existsSync(place))) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log('No Chromium found: browser tests are skipped. Install it, or set CHROMIUM_PATH.');
    return;
  }
  console.log('Installing Chromium …');
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium');
}

function runTests() {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-test-'));
  const report = path.join(folder, 'report.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const done = spawnSync(process.execPath, [bin('vitest'), ...args, ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that fails to load has no tests to count, and an error outside any test fails the run.
    const unseen = numFailedTests === 0 && (numFailedTestSuites > 0 || done.status !== 0) ? 1 : 0;
    return { passed: numPassedTests, failed: numFailedTests + unseen };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
