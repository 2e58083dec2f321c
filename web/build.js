// Bundles the front end into dist/: one style sheet, one script, a few pictures, each with its hash in the name,
// each text file also as .gz, and manifest.json from logical to hashed names. The server embeds that folder.
// No source maps and no code splitting: one small script on every page.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const targets = ["chrome100", "firefox100", "safari15.4"];

async function script() {
  const built = await esbuild.build({
    entryPoints: [join(root, "src/scripts/app.js")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: targets,
    legalComments: "none",
    banner: { js: "/*! htmx.org, Zero-Clause BSD */" },
  });
  return built.outputFiles[0].contents;
}

async function styles() {
  const { css } = sass.compile(join(root, "src/styles/app.scss"), { style: "compressed" });
  const small = await esbuild.transform(css, { loader: "css", minify: true, target: targets });
  return Buffer.from(small.code);
}

async function files() {
  const all = new Map([["app.css", await styles()], ["app.js", await script()]]);
  for (const name of await readdir(join(root, "src/art"))) {
    all.set(name, await readFile(join(root, "src/art", name)));
  }
  return all;
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const manifest = {};
for (const [name, bytes] of await files()) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const end = extname(name);
  const hashed = `${name.slice(0, -end.length)}.${hash}${end}`;
  await writeFile(join(dist, hashed), bytes);
  // Pictures like PNG are compressed already.
  if ([".css", ".js", ".svg", ".webmanifest"].includes(end)) {
    const packed = gzipSync(bytes, { level: 9 });
    await writeFile(join(dist, `${hashed}.gz`), packed);
    console.log(`${name.padEnd(24)} ${bytes.length} bytes, ${packed.length} gzip`);
  } else {
    console.log(`${name.padEnd(24)} ${bytes.length} bytes`);
  }
  manifest[name] = hashed;
}
await writeFile(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
