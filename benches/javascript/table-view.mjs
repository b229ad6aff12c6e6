/** The best JavaScript that we know for a table over variables: texts decoded once, regular expressions, native sorts. */
import { Variables } from "./byte-scanner.mjs";
import { childrenOf, shownText, typeOf } from "./reading.mjs";

/** The variables of a body with names and values as texts, which all views need. */
export function makeTable(bytes) {
  const variables = new Variables(bytes);
  const rows = [];
  for (let row = 0; row < variables.count; row++) {
    if (variables.winners[variables.nameIds[row]] === row) rows.push(row);
  }
  const names = rows.map((row) => variables.name(row));
  const values = rows.map((row) => variables.value(row));
  const places = new Map(names.map((name, place) => [name, place]));
  // Rows stand in order of the winners, differences in order of the names' first appearance.
  const placeOf = new Map(rows.map((row, place) => [row, place]));
  const order = Array.from(variables.winners, (row) => placeOf.get(row) ?? 0);
  return { variables, rows, names, values, places, order };
}

const page = (table, places) => places.map((place) => table.variables.row(table.rows[place]));

/** Counts the rows with the text in name or value, in any letter case, and shows the first ones. */
export function filter(table, text, limit) {
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
  const { names, values } = table;
  const places = [];
  for (let place = 0; place < names.length; place++) {
    if (pattern.test(names[place]) || pattern.test(values[place])) places.push(place);
  }
  return { total: places.length, rows: page(table, places.slice(0, limit)) };
}

/** The same with the text in the name, of one scope alone: what is known without looking comes first. */
export function filterFields(table, { scope, name }, limit) {
  const pattern = new RegExp(name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
  const { names, rows, variables } = table;
  const places = [];
  for (let place = 0; place < names.length; place++) {
    if (variables.scope(rows[place]) === scope && pattern.test(names[place])) places.push(place);
  }
  return { total: places.length, rows: page(table, places.slice(0, limit)) };
}

/** A copy in lower case makes later filters faster, and needs as much memory again. */
export const makeLowerCase = ({ names, values }) => ({
  names: names.map((name) => name.toLowerCase()),
  values: values.map((value) => value.toLowerCase()),
});

export function filterLowerCase(table, lower, text, limit) {
  const wanted = text.toLowerCase();
  const { names, values } = lower;
  const places = [];
  for (let place = 0; place < names.length; place++) {
    if (names[place].includes(wanted) || values[place].includes(wanted)) places.push(place);
  }
  return { total: places.length, rows: page(table, places.slice(0, limit)) };
}

/** Natural order as one text: names with `_` last, letters in any case, digits by their number. */
function naturalKey(name) {
  const folded = name
    .toLowerCase()
    .replace(/0*(\d*)/g, (run, digits) => (run === "" ? "" : `0${String.fromCharCode(digits.length)}${digits}`));
  return `${name.startsWith("_") ? "\u0001" : "\0"}${folded}\0${name}`;
}

/** Sorts keys that end with their names, so that the engine's own sort of texts does all of it. */
export function sortByName(table, limit) {
  const keys = table.names.map(naturalKey).sort(byCodeUnits);
  const first = keys.slice(0, limit).map((key) => table.places.get(key.slice(key.lastIndexOf("\0") + 1)));
  return { total: keys.length, rows: page(table, first) };
}

const byCodeUnits = (one, other) => (one < other ? -1 : 1);

function variable(table, place) {
  const { name, scope, type } = table.variables.row(table.rows[place]);
  const raw = table.values[place];
  return { name, scope, type, raw, value: typedValue(raw, type) };
}

function typedValue(raw, type) {
  if (type === "string") return raw;
  if (type !== "integer") return JSON.parse(raw);
  const number = Number(raw);
  return Number.isSafeInteger(number) ? number : BigInt(raw);
}

const isContainer = (type) => type === "object" || type === "array";

/** What is new, gone and different since an earlier table, by what each name resolves to. */
export function diff(later, earlier) {
  const added = [];
  const changed = [];
  let unchangedCount = 0;
  for (const place of later.order) {
    const name = later.names[place];
    const before = earlier.places.get(name);
    if (before === undefined) added.push(name);
    else if (isSame(later, place, earlier, before)) unchangedCount++;
    else {
      const change = { name, before: variable(earlier, before), after: variable(later, place) };
      const kinds = kindsOf(change.before, change.after);
      if (kinds.length > 0) changed.push({ ...change, kinds });
      else unchangedCount++;
    }
  }
  const removed = earlier.order.map((place) => earlier.names[place]).filter((name) => !later.places.has(name));
  return { added, removed, changed, unchangedCount };
}

/** The same text of the same scope; then a declared type differs in neither, since it belongs to the row. */
function isSame(later, place, earlier, before) {
  if (later.values[place] !== earlier.values[before]) return false;
  return later.variables.scope(later.rows[place]) === earlier.variables.scope(earlier.rows[before]);
}

function kindsOf(before, after) {
  const type = before.type !== after.type;
  const same = isContainer(after.type) ? before.raw === after.raw : before.value === after.value;
  const kinds = [];
  if (type || !same) kinds.push("value");
  if (type) kinds.push("type");
  if (!type && same && before.raw !== after.raw) kinds.push("raw");
  if (before.scope !== after.scope) kinds.push("winner");
  return kinds;
}

/** The first children of a value, in their own spelling: nothing is parsed into objects. */
export function open(text, limit) {
  const { total, children } = childrenOf(text, 0, limit);
  const nodes = children.map(({ key, start, end }) => {
    const source = text.slice(start, end);
    return node(key, source);
  });
  return { total, nodes };
}

function node(key, source) {
  if (source[0] === '"') return { key, type: "string", text: shownText(JSON.parse(source), "string") };
  const type = /^[{[]/.test(source) ? (source[0] === "{" ? "object" : "array") : scalarType(source);
  return { key, type, text: shownText(source, type), childCount: childCount(source, type) };
}

const scalarType = (source) => {
  const type = typeOf(source, undefined, () => false);
  return type === "string" ? "number" : type;
};

const childCount = (source, type) => (isContainer(type) ? childrenOf(source, 0, 0).total : undefined);

/** The same by `JSON.parse`, which is shorter to write; spellings of numbers are lost. */
export function openParsed(text, limit) {
  const value = JSON.parse(text);
  const keys = Object.keys(value);
  const nodes = keys.slice(0, limit).map((key) => {
    const child = value[key];
    return { key, type: typeof child, text: shownText(JSON.stringify(child), "string") };
  });
  return { total: keys.length, nodes };
}
