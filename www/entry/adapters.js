/** What chat clients hand out, as data for `ingest`. Pure: nothing is changed, nothing is kept. */

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const own = (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
const text = (value) => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value) => (typeof value === "number" ? value : undefined);
const hasData = (output) => isObject(own(output, "data"));

/** Parts that are not known are left out, so that spreading one over another loses nothing. */
const known = (parts) => Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

/** What a flow sent of its memory: an object, or a text of JSON that holds one, as the engine reads it. */
function debugOf(output) {
  const debug = own(own(output, "data"), "__debug");
  if (typeof debug !== "string") return debug;
  try {
    return JSON.parse(debug);
  } catch {
    return undefined;
  }
}

function received(output, carrier) {
  const debug = debugOf(carrier);
  const sessionId = text(own(debug, "sessionId")) ?? text(own(output, "sessionId"));
  return {
    body: { output },
    options: { shape: "output", ...known({ sessionId }) },
    ...known({ inputId: text(own(debug, "inputId")), execution: number(own(debug, "execution")) }),
  };
}

export function fromSocketOutput(output) {
  return hasData(output) ? received(output, output) : undefined;
}

export function fromWebchatEvent(event) {
  return own(event, "type") === "webchat/incoming-message" ? fromSocketOutput(own(event, "payload")) : undefined;
}

export function fromEndpointReply(reply) {
  const stack = own(reply, "outputStack");
  const outputs = [reply, ...(Array.isArray(stack) ? [...stack].reverse() : [])].filter(hasData);
  const carrier = outputs.find((output) => isObject(debugOf(output))) ?? outputs[0];
  return carrier ? received(reply, carrier) : undefined;
}
