import { makeSeedArchive, writeSeed } from './seed.ts';

// A build step: `tsx make-seed.ts <folder>` puts the seed of embedded databases into the folder of the bundle.
const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: tsx make-seed.ts <folder>');
process.stdout.write(`${writeSeed(folder, await makeSeedArchive())}\n`);
