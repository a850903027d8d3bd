// What an application server does with the facts of the benchmark, in its best form: Fastify over
// TLS with kept connections, a schema for every field, devices and places remembered, and one
// prepared statement a fact, which is its own transaction. It looks up no customer and no deal, it
// judges by a formula, and it keeps no audit trail: all of that is in its favour.
//
// The environment says where everything is; a line on standard output says that it listens.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const fastify = require("fastify");
const { Pool } = require("pg");

const pool = new Pool({
  host: process.env.BENCH_DATABASE,
  user: "tiejun_owner",
  database: "tiejun",
  options: "-c search_path=tiejun -c timezone=UTC",
  max: Number(process.env.BENCH_POOL),
});
const statement = fs.readFileSync(process.env.BENCH_STATEMENT, "utf8");

const text = { type: "string", minLength: 1, maxLength: 1000 };
const schema = {
  body: {
    type: "object",
    required: ["id", "kind", "customer", "minutes", "outcome", "next_step", "next_step_date"],
    additionalProperties: false,
    properties: {
      id: { type: "string", format: "uuid" },
      kind: { const: "visit" },
      customer: { type: "integer", minimum: 0 },
      contact_role: text,
      minutes: { type: "integer", minimum: 0, maximum: 1440 },
      outcome: text,
      next_step: text,
      next_step_date: { type: "string", format: "date" },
    },
  },
  response: {
    200: {
      type: "object",
      properties: { id: { type: "string" }, intake: { type: "string" }, effective: { type: "boolean" } },
    },
  },
};

// By token: whose device it is, and where that person belongs today.
const places = new Map();

async function place_of(token) {
  let place = places.get(token);
  if (!place) {
    const hash = crypto.createHash("sha256").update(Buffer.from(token, "hex")).digest();
    const found = await pool.query(
      "SELECT m.person_id, m.office_id, m.unit_id FROM bench.device AS d JOIN membership AS m " +
        "ON m.person_id = d.person_id AND current_date BETWEEN m.from_date AND m.to_date " +
        "WHERE d.token_hash = $1",
      [hash],
    );
    place = found.rows[0];
    if (place) places.set(token, place);
  }
  return place;
}

async function take(request, reply) {
  const place = await place_of((request.headers.authorization || "").replace("Bearer ", ""));
  if (!place) return reply.code(401).send();
  const fact = request.body;
  const effective =
    Boolean(fact.contact_role) && fact.minutes >= 15 && Boolean(fact.outcome && fact.next_step);
  const kept = await pool.query({
    name: "take",
    text: statement,
    values: [
      place.office_id, fact.id, place.person_id, place.unit_id, fact.customer, fact.contact_role,
      fact.minutes, fact.outcome, fact.next_step, fact.next_step_date, effective,
    ],
  });
  return { id: fact.id, intake: kept.rowCount ? "accepted" : "known", effective };
}

async function main() {
  const server = fastify({
    logger: { level: "error", stream: process.stderr },
    https: {
      cert: fs.readFileSync(process.env.BENCH_CERTIFICATE),
      key: fs.readFileSync(process.env.BENCH_KEY),
      minVersion: "TLSv1.3",
    },
  });
  server.post("/facts", { schema }, take);
  await server.listen({ host: "127.0.0.1", port: 0 });
  console.log(server.server.address().port);
}

main();
