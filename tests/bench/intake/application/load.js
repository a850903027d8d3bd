// The load on server.js: one fact a request over kept connections, as load.c has it for the daemon.
// Prints one line of JSON: what was acknowledged within the time, and how long that took.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const autocannon = require("autocannon");

// Version 7: in order of time.
function uuid_v7() {
  const bytes = crypto.randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join("-");
}

function fact() {
  return JSON.stringify({
    id: uuid_v7(),
    kind: "visit",
    customer: crypto.randomInt(10),
    contact_role: "head of purchasing",
    minutes: 40,
    outcome: "wants an offer for the second line by the end of the month",
    next_step: "send the offer",
    next_step_date: "2099-01-01",
  });
}

const [port, people, connections, seconds] = process.argv.slice(2);
const tokens = fs.readFileSync(people, "utf8").trim().split("\n").map((line) => line.split(" ")[0]);
let next = 0;

// Of everyone in turn: HTTP's requests stand each for themselves.
function headers() {
  const authorization = `Bearer ${tokens[next++ % tokens.length]}`;
  return { authorization, "content-type": "application/json" };
}

autocannon(
  {
    url: `https://127.0.0.1:${port}/facts`,
    method: "POST",
    connections: Number(connections),
    duration: Number(seconds),
    requests: [{ setupRequest: (request) => ({ ...request, headers: headers(), body: fact() }) }],
  },
  (error, result) => {
    if (error || result.non2xx || result.errors) {
      console.error(error || JSON.stringify(result.statusCodeStats), result.errors, "errors");
      process.exit(1);
    }
    console.log(JSON.stringify({
      facts: result["2xx"], seconds: result.duration, p50_ms: result.latency.p50,
      p99_ms: result.latency.p99,
    }));
  },
);
