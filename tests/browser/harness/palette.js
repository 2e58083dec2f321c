// A picture of few colours: the most frequent shades become a palette, all others their nearest, a byte a pixel.
// Screens of a user interface lose nothing visible by it and a good half of their size. Deliberately absent: dithering.
import { deflateSync } from "node:zlib";

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4);
  return out;
}

const shade = (pixels, at) => ((pixels[at] >> 3) << 10) | ((pixels[at + 1] >> 3) << 5) | (pixels[at + 2] >> 3);

// The palette (mean colour of each of the most frequent shades) and the entry for every shade that occurs.
function palette(pixels, most) {
  const sums = new Float64Array(32768 * 4);
  for (let at = 0; at < pixels.length; at += 4) {
    const slot = shade(pixels, at) * 4;
    sums[slot] += 1;
    for (let c = 0; c < 3; c += 1) sums[slot + 1 + c] += pixels[at + c];
  }
  const used = [];
  for (let key = 0; key < 32768; key += 1) if (sums[key * 4]) used.push(key);
  const colour = (key) => [1, 2, 3].map((c) => sums[key * 4 + c] / sums[key * 4]);
  const chosen = [...used].sort((a, b) => sums[b * 4] - sums[a * 4]).slice(0, most).map(colour);
  const entry = new Uint8Array(32768);
  for (const key of used) {
    const [r, g, b] = colour(key);
    let best = Infinity;
    chosen.forEach((c, n) => {
      const far = (c[0] - r) ** 2 + (c[1] - g) ** 2 + (c[2] - b) ** 2;
      if (far < best) [best, entry[key]] = [far, n];
    });
  }
  return { chosen, entry };
}

// RGBA pixels to the bytes of a PNG with at most `most` colours (256 or fewer).
export function encode(pixels, width, height, most) {
  const { chosen, entry } = palette(pixels, most);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = entry[shade(pixels, (y * width + x) * 4)];
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head),
    chunk("PLTE", Buffer.from(chosen.flatMap((c) => c.map(Math.round)))), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0)),
  ]);
}
