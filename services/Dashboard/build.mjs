// One build step: bundle script and style with esbuild, copy one Latin font, make one icon sprite and the district shapes.
import { build } from 'esbuild';
import { readFileSync, writeFileSync, mkdirSync, copyFileSync, readdirSync, rmSync } from 'node:fs';
import { maps } from './client/maps.mjs';

const out = 'wwwroot/dist';
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const common = { bundle: true, minify: true, target: ['chrome100', 'firefox102', 'safari15'], legalComments: 'none', logLevel: 'warning' };
await Promise.all([
  build({ ...common, entryPoints: { app: 'client/app.ts' }, format: 'esm', splitting: true, outdir: out, entryNames: '[name]', chunkNames: '[name]-[hash]' }),
  build({ ...common, entryPoints: { app: 'client/app.css' }, outdir: out, external: ['*.woff2'] }),
]);
copyFileSync('node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', `${out}/inter.woff2`);
const used = new Set();
for (const file of readdirSync('Ui'))
  for (const found of readFileSync(`Ui/${file}`, 'utf8').matchAll(/(?:Icon Name="|icon:)([a-z0-9-]+)/g)) used.add(found[1]);
const symbol = name => readFileSync(`node_modules/lucide-static/icons/${name}.svg`, 'utf8')
  .replace(/<!--[\s\S]*?-->/g, '').replace(/<svg[\s\S]*?>/, `<symbol id="${name}" viewBox="0 0 24 24">`).replace('</svg>', '</symbol>').replace(/\s+/g, ' ');
writeFileSync(`${out}/icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${[...used].sort().map(symbol).join('')}</svg>`);
writeFileSync(`${out}/maps.json`, JSON.stringify(maps()));
