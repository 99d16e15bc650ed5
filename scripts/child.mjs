// Programs run beside each other: with output that waits its turn, and at a priority that keeps nobody waiting.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { root } from './workspace.mjs';

/**
 * Runs a script with Node to its end.
 *
 * @param {string[]} args the script and its arguments
 * @param {{ write?: (text: string) => void, givesWay?: boolean }} how `write` takes the output, which is otherwise
 *   shown as it comes; what gives way has only the time of the processor that others leave
 * @returns {Promise<number | null>} its exit code, or null after a signal
 */
export function finished(args, { write, givesWay = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: write === undefined ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    });
    child.on('error', reject);
    child.on('close', resolve);
    if (givesWay && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', write);
  });
}

/** Output that is kept until it is released, and shown as it comes from then on. */
export function heldBack() {
  let kept = '';
  let isReleased = false;
  return {
    write: (text) => {
      if (isReleased) process.stdout.write(text);
      else kept += text;
    },
    release: () => {
      isReleased = true;
      process.stdout.write(kept);
    },
  };
}
