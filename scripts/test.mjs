// `npm test`: installs what is missing, a browser too, then runs every check and every test, or with arguments
// the tests that vitest finds by them. The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished, heldBack } from './child.mjs';
import { bin, ensureBuilt, ensureInstalled, ensureServerBuilt, requireNode } from './workspace.mjs';

requireNode();
ensureInstalled();
ensureBrowser();
const { runChecks } = await import('./checks.mjs');
const wanted = process.argv.slice(2);
const results = wanted.length > 0 ? await runSome(wanted) : await runEverything();
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function runSome(args) {
  const checks = await runChecks();
  ensureBuilt();
  return [checks, await runTests(args)];
}

/**
 * Calls are told in real time, and leave half of the machine unused. What passes at any pace takes that half and
 * gives way: the build of the web app, the checks, and most tests. Its output comes after that of the calls. The
 * browser comes last, since it would keep the calls waiting, and they it.
 */
async function runEverything() {
  ensureServerBuilt();
  const { write, release } = heldBack();
  const beside = { write, givesWay: true };
  const patient = async () => {
    if ((await finished(['scripts/build.mjs'], beside)) !== 0) return [{ passed: 0, failed: 1 }];
    return [await runChecks(beside), await runTests(['--project=patient'], beside)];
  };
  const inRealTime = runTests(['--project=punctual', '--project=calls']).finally(release);
  const lanes = (await Promise.all([inRealTime, patient()])).flat();
  return [...lanes, await runTests(['--project=browser'])];
}

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

/** @param {Parameters<typeof finished>[1]} how */
async function runTests(args, how) {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-test-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await finished([bin('vitest'), 'run', ...reporters, ...args], how);
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that fails to load has no tests to count, and an error outside any test fails the run.
    const unseen = numFailedTests === 0 && (numFailedTestSuites > 0 || code !== 0) ? 1 : 0;
    return { passed: numPassedTests, failed: numFailedTests + unseen };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
