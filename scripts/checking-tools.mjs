// The official programs that check an MCP server. They are installed only when they are asked for, beside the
// packages of the workspace, with versions of their own; some want a newer Node, which npm has too.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './workspace.mjs';

const node24 = {
  [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`]: '24.21.0',
};

/** Exact versions: what is checked changes by a commit, not by the calendar. */
const tools = {
  conformance: {
    packages: { '@modelcontextprotocol/conformance': '0.2.0-alpha.12' },
    entry: '@modelcontextprotocol/conformance/dist/index.js',
    wantsNode: 22,
  },
  inspector: {
    packages: { '@modelcontextprotocol/inspector': '2.12.0' },
    bin: ['@modelcontextprotocol/inspector', 'mcp-inspector'],
    wantsNode: 22,
  },
  mcpb: {
    packages: { '@anthropic-ai/mcpb': '2.1.2' },
    bin: ['@anthropic-ai/mcpb', 'mcpb'],
    wantsNode: 18,
  },
};

/** Exit code of a check that could not be made, as sysexits.h has it for a failure that may pass. */
export const exitNotPossible = 75;

/**
 * The command that runs a tool, installed if need be.
 *
 * @param {keyof typeof tools} name
 * @returns {{ command: string, args: string[] } | { reason: string }} the reason why it cannot be had
 */
export function checkingTool(name) {
  const { packages, wantsNode, entry, bin } = tools[name];
  const folder = path.join(root, 'node_modules/.cache/mcp-telephone', name);
  const hasNode = Number(process.versions.node.split('.')[0]) >= wantsNode;
  const wanted = hasNode ? packages : { ...packages, ...node24 };
  const problem = install(folder, wanted);
  if (problem !== undefined) return { reason: `${name} cannot be installed: ${problem}` };
  const modules = path.join(folder, 'node_modules');
  const script = entry === undefined ? binOf(modules, bin) : path.join(modules, entry);
  const [nodePackage] = Object.keys(node24);
  const nodeName = process.platform === 'win32' ? 'node.exe' : 'node';
  const command = hasNode ? process.execPath : path.join(modules, nodePackage, 'bin', nodeName);
  return { command, args: [script] };
}

/** @returns {string | undefined} what went wrong */
function install(folder, packages) {
  const isThere = ([name, version]) => {
    const manifest = path.join(folder, 'node_modules', name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  };
  if (Object.entries(packages).every(isThere)) return undefined;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
  const args = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  const done = spawnSync(npm[0], [...npm.slice(1), ...args], { cwd: folder, encoding: 'utf8' });
  if (done.status === 0) return undefined;
  const lines = (done.stderr ?? '').trim().split('\n');
  return lines.find((line) => line.includes('ERR!')) ?? done.error?.message ?? lines[0];
}

function binOf(modules, [name, command]) {
  const manifest = JSON.parse(readFileSync(path.join(modules, name, 'package.json'), 'utf8'));
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[command];
  return path.join(modules, name, file);
}
