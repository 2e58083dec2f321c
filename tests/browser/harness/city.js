// A city of one's own: a fresh data folder, a server on a free loopback port, a clock that can be moved.
// SERVER_BINARY names the binary (default: target/debug/zhixin). The clock starts on a fixed Monday morning, so that
// a journey and its pictures do not depend on the day of the run. Everything is stopped by its pid and removed.
import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const BINARY = resolve(process.env.SERVER_BINARY ?? new URL("../../../target/debug/zhixin", import.meta.url).pathname);
const BEGIN = "2026-11-23T09:00:00+08:00";
export const PASSWORD = "zhixin-demo-2026";

async function freePort() {
  const probe = createServer();
  await new Promise((ready) => probe.listen(0, "127.0.0.1", ready));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

// The product's own variables must not leak in from the machine of whoever runs the journeys.
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ZHIXIN_")));
}

export class City {
  #server;
  #clock;
  #offset = 0;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "zhixin-journeys-"));
    this.data = join(this.folder, "data");
    const clock = join(this.folder, "clock");
    const library = join(this.folder, "clock.so");
    writeFileSync(clock, Buffer.alloc(8));
    execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, new URL("clock.c", import.meta.url).pathname, "-ldl"]);
    this.#clock = openSync(clock, "r+");
    this.environment = { ...cleanEnvironment(), LD_PRELOAD: library, JOURNEY_CLOCK: clock };
    this.moveTo(BEGIN);
  }

  // The city's moment.
  now() {
    return new Date(Date.now() + this.#offset * 1000);
  }

  // Sets the city's clock, which then goes on as clocks do.
  moveTo(moment) {
    this.#offset = Math.round((new Date(moment).getTime() - Date.now()) / 1000);
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(this.#offset));
    writeSync(this.#clock, bytes, 0, 8, 0);
  }

  // Runs a command of the product on this city's data; gives its standard output.
  command(...args) {
    return execFileSync(BINARY, ["--data", this.data, ...args], { env: this.environment, encoding: "utf8", timeout: 180_000, stdio: ["ignore", "pipe", "pipe"] });
  }

  // As `command`, for those whose exit code is the answer: { code, said }.
  verdict(...args) {
    try {
      return { code: 0, said: this.command(...args) };
    } catch (failed) {
      return { code: failed.status, said: `${failed.stdout}${failed.stderr}` };
    }
  }

  async start() {
    const port = await freePort();
    this.address = `http://127.0.0.1:${port}`;
    this.log = join(this.folder, "server.log");
    const log = createWriteStream(this.log, { flags: "a" });
    await new Promise((open) => log.once("open", open));
    // A person clicks slower than the journeys do, so the limit on visitors' posts is widened; that it exists is tried elsewhere.
    const environment = { ...this.environment, ZHIXIN_VISITOR_POSTS_PER_MINUTE: "1000" };
    this.#server = spawn(BINARY, ["serve", "--data", this.data, "--listen", `127.0.0.1:${port}`], { env: environment, stdio: ["ignore", log, log] });
    const until = Date.now() + 60_000;
    for (;;) {
      if (this.#server.exitCode !== null) throw new Error(`the server stopped at its start:\n${this.tail()}`);
      const ready = await fetch(`${this.address}/readyz`).then((reply) => reply.ok, () => false);
      if (ready) return this;
      if (Date.now() > until) throw new Error(`the server is not ready after a minute:\n${this.tail()}`);
      await new Promise((later) => setTimeout(later, 100));
    }
  }

  // The last lines of the server's log, for a failure's message.
  tail() {
    return readFileSync(this.log, "utf8").split("\n").slice(-20).join("\n");
  }

  async stop() {
    const server = this.#server;
    if (server && server.exitCode === null && server.signalCode === null) {
      const gone = new Promise((exit) => server.once("exit", exit));
      process.kill(server.pid, "SIGTERM");
      const hurry = setTimeout(() => process.kill(server.pid, "SIGKILL"), 15_000);
      await gone;
      clearTimeout(hurry);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// An instant as people of the city read it, for fields of date and time: 2026-11-24T09:00.
export function local(day, hour = 0, minute = 0) {
  const two = (n) => String(n).padStart(2, "0");
  return `${day}T${two(hour)}:${two(minute)}`;
}
