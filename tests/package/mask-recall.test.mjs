/**
 * How many secrets the mask finds that others' detectors describe, and how many ordinary values it hides wrongly. The formats are those of the detectors of secretlint's recommended rules (preset 13.1 of secretlint 13.0) and of detect-secrets 1.5.0.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadPacked, root } from "./support.mjs";

const { engine: api } = await loadPacked();

const [DIGIT, LOWER, UPPER] = ["0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const HEX = "0123456789abcdef";
const WORD = DIGIT + LOWER + UPPER;
const CAPS = DIGIT + UPPER;
const URL64 = `${WORD}_-`;
/** Literal texts, and `[characters, least, most]`. */
const FORMATS = {
  "secretlint vercel": [
    ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
    [WORD, 24, 60],
  ],
  "secretlint github": [
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    [WORD, 36],
  ],
  "secretlint github fine-grained": ["github_pat_", [WORD, 82]],
  "secretlint shopify": [
    ["shppa_", "shpca_", "shpat_", "shpss_"],
    [HEX, 32],
  ],
  "secretlint sendgrid": ["SG.", [WORD, 22], ".", [WORD, 43]],
  "secretlint databricks": ["dapi", [HEX, 32]],
  "secretlint docker": ["dckr_pat_", [URL64, 27]],
  "secretlint figma": ["figd_", [URL64, 40]],
  "secretlint gitlab": ["glpat-", [URL64, 20]],
  "secretlint grafana": ["glsa_", [WORD, 32], "_", [HEX, 8]],
  "secretlint groq": ["gsk_", [WORD, 52]],
  "secretlint hugging face": ["hf_", [LOWER + UPPER, 34]],
  "secretlint vault": [
    ["hvs.", "hvr.", "hvb."],
    [URL64, 138],
  ],
  "secretlint linear": ["lin_api_", [WORD, 40]],
  "secretlint npm": ["npm_", [WORD, 36]],
  "secretlint notion": ["ntn_", [DIGIT, 11], [WORD, 35]],
  "secretlint anthropic": ["sk-ant-api03-", [URL64, 93], "AA"],
  "secretlint openai": [["sk-proj-", "sk-svcacct-", "sk-admin-"], [URL64, 74], "T3BlbkFJ", [URL64, 74]],
  "secretlint slack": [["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxr-"], [DIGIT, 11], "-", [DIGIT, 11], "-", [WORD, 24]],
  "secretlint aws": [
    ["AKIA", "AGPA", "AIDA", "AROA", "AIPA", "ANPA", "ANVA", "ASIA"],
    [CAPS, 16],
  ],
  "secretlint basic auth": ["https://", [WORD, 8], ":", [WORD, 12], "@host.example/x"],
  "secretlint 1password": ["ops_eyJ", [WORD, 250, 400], "fQ=="],
  "secretlint cloudflare": [
    ["cfk_", "cfut_", "cfat_"],
    [WORD, 40],
    [HEX, 8],
  ],
  "secretlint tailscale": ["tskey-", ["auth", "api", "client"], "-", [WORD, 12], "CNTRL-", [WORD, 32]],
  "secretlint stripe": [
    ["sk_live_", "rk_live_", "sk_test_", "rk_test_"],
    [WORD, 24, 99],
  ],
  "secretlint database": [
    ["postgres://", "postgresql://", "mysql://", "mongodb://", "mongodb+srv://"],
    [LOWER, 8],
    ":",
    [WORD, 16],
    "@db.host.example/orders",
  ],
  "secretlint private key": [
    "-----BEGIN",
    [" ", 1],
    ["RSA ", "EC ", "DSA ", "OPENSSH ", ""],
    "PRIVATE KEY-----\n",
    [WORD, 64],
  ],
  "detect-secrets artifactory": ["AKC", [WORD, 60]],
  "detect-secrets aws": [
    ["ABIA", "ACCA", "A3TX"],
    [CAPS, 16],
  ],
  "detect-secrets aws secret": ["aws_secret_access_key = '", [`${WORD}/+`, 40], "'"],
  "detect-secrets azure": ["DefaultEndpointsProtocol=https;AccountKey=", [`${WORD}+/`, 86], "=="],
  "detect-secrets cloudant": ["https://", [LOWER, 10], ":", [HEX, 64], "@", [LOWER, 10], ".cloudant.com"],
  "detect-secrets discord": [["M", "N", "O"], [URL64, 23], ".", [URL64, 6], ".", [URL64, 27]],
  "detect-secrets gitlab": [
    ["glpat-", "gldt-", "glft-", "glsoat-", "glrt-", "glcbt-", "GR1348941"],
    [WORD, 20],
  ],
  "detect-secrets gitlab, longer": [
    ["glimt-", "glptt-", "glagent-", "gloas-"],
    [WORD, 64],
  ],
  "detect-secrets jwt": ["eyJ", [WORD, 33], ".eyJ", [WORD, 60], ".", [URL64, 43]],
  "detect-secrets mailchimp": [[HEX, 32], "-us", [DIGIT, 1]],
  "detect-secrets npm": ["//registry.example/:_authToken=", [HEX, 36]],
  "detect-secrets openai": ["sk-", [WORD, 20], "T3BlbkFJ", [WORD, 20]],
  "detect-secrets pypi": ["pypi-AgEIcHlwaS5vcmc", [URL64, 70]],
  "detect-secrets sendgrid": ["SG.", [URL64, 22], ".", [URL64, 43]],
  "detect-secrets slack webhook": ["https://hooks.slack.com/services/T", [CAPS, 8], "/B", [CAPS, 8], "/", [WORD, 24]],
  "detect-secrets square": ["sq0csp-", [URL64, 43]],
  "detect-secrets stripe": [
    ["rk_live_", "sk_live_"],
    [WORD, 24],
  ],
  "detect-secrets telegram": [[DIGIT, 10], ":", [URL64, 35]],
  "detect-secrets twilio": [
    ["AC", "SK"],
    [HEX, 32],
  ],
};
const EACH = 100;

/** The same numbers each time (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function example(format, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  return format
    .map((part) => {
      if (typeof part === "string") return part;
      if (typeof part[1] !== "number") return pick(part);
      const [characters, least, most = least] = part;
      const length = least + Math.floor(random() * (most - least + 1));
      return Array.from({ length }, () => pick(characters)).join("");
    })
    .join("");
}

/** Of each text, the rule that hides it where it stands as the value of a variable. */
function rules(values) {
  const variables = values.map((value) => ({ name: "note", value, scope: "user" }));
  const found = [];
  const snapshot = api.Snapshot.parse(JSON.stringify({ variables }), { policy: "none" });
  while (found.length < values.length) {
    const { rows } = snapshot.rows({ mask: true, offset: found.length, limit: 1_000, shadowed: true });
    found.push(...rows.map((row) => row.masked?.rule));
  }
  snapshot.free();
  return found;
}

test("at least 99 of 100 secrets that others' detectors find are hidden, alone and inside a sentence", (t) => {
  const random = numbers(1);
  let [all, missed] = [0, 0];
  for (const [detector, format] of Object.entries(FORMATS)) {
    const values = Array.from({ length: EACH }, () => example(format, random)).flatMap((text) => [
      text,
      `the answer was ${text} and that is it`,
    ]);
    const found = rules(values);
    const lost = values.filter((_, at) => found[at] === undefined);
    all += values.length;
    missed += lost.length;
    if (lost.length > 0) t.diagnostic(`${detector}: ${lost.length} of ${values.length} missed, as ${lost[0]}`);
  }
  t.diagnostic(`${all - missed} of ${all} found, ${(100 - (100 * missed) / all).toFixed(2)} %`);
  assert.ok(missed / all <= 0.01, `${missed} of ${all}`);
});

/** Every text in the JSON files of a folder, names apart. */
function* texts(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* texts(path);
    else if (entry.name.endsWith(".json") && entry.name !== ".package-lock.json") {
      try {
        const open = [JSON.parse(readFileSync(path, "utf8"))];
        for (let value = open.pop(); value !== undefined; value = open.pop()) {
          if (typeof value === "string" && value !== "") yield value;
          else if (value && typeof value === "object") open.push(...Object.values(value).filter((one) => one !== null));
        }
      } catch {
        // Some are no JSON, on purpose.
      }
    }
  }
}

test("at most 1 of 100 ordinary values is hidden", (t) => {
  // The sandbox's sessions, and the packages that are installed here; nobody wrote those for this.
  const sessions = [...texts(join(root, "server", "data"))];
  assert.ok(sessions.length > 20, String(sessions.length));
  const values = [...new Set([...sessions, ...texts(join(root, "node_modules"))])].slice(0, 60_000);
  const counts = new Map();
  const wrong = [];
  for (let at = 0; at < values.length; at += 5_000) {
    const part = values.slice(at, at + 5_000);
    rules(part).forEach((rule, place) => {
      if (rule === undefined) return;
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
      // Authors' addresses are what the rule is for.
      if (rule !== "email") wrong.push(`${rule}: ${part[place].slice(0, 80)}`);
    });
  }
  const told = [...counts].map(([rule, count]) => `${count} ${rule}`).join(", ");
  t.diagnostic(`${values.length} texts: ${wrong.length} hidden that are no e-mail address; by rule: ${told}`);
  for (const text of wrong.slice(0, 10)) t.diagnostic(text);
  assert.ok(values.length > 5_000);
  assert.ok(wrong.length / values.length <= 0.01, `${wrong.length} of ${values.length}`);
});
