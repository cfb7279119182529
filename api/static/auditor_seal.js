"use strict";
// A checkpoint verified by this browser itself: the signature (Ed25519), the root from the tree's own hashes, and that the
// last checkpoint goes on from it. Nothing of it is asked of the server but the hashes; see docs/seals.md.
(() => {
  const card = document.getElementById("browser");
  if (!card) return;
  const form = card.querySelector("form"), done = document.getElementById("done");
  const size = Number(card.dataset.size), last = Number(card.dataset.last), api = card.dataset.api;
  const words = {};
  for (const one of document.querySelectorAll("#words [data-key]")) words[one.dataset.key] = one.textContent;
  const WIDTH = 256;

  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const same = (one, other) => one.length === other.length && one.every((value, at) => value === other[at]);
  const join = (...parts) => { const all = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0)); let at = 0; for (const one of parts) { all.set(one, at); at += one.length; } return all; };
  const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const node = (left, right) => sha256(join(Uint8Array.of(1), left, right));

  function say(key, mark) {
    const line = document.createElement("li"), text = document.createElement("span");
    line.append(document.getElementById(mark).content.cloneNode(true));
    text.textContent = words[key];
    line.append(text);
    done.append(line);
  }

  async function ask(path) {
    const answer = await fetch(api + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  }

  // ---- the note -----------------------------------------------------------------------------------------------------
  function noteOf(text) {
    const cut = text.lastIndexOf("\n\n"), body = text.slice(0, cut + 1);
    const [origin, count, root] = body.split("\n");
    const lines = text.slice(cut + 2).split("\n").filter(Boolean).map((line) => { const [, name, value] = line.split(" "); return { name, raw: bytes(value) }; });
    return { body, origin, size: Number(count), root: bytes(root), lines };
  }

  async function signed(note, vkey) {
    const [name, id, ...rest] = vkey.trim().split("+"), key = bytes(rest.join("+"));
    const named = (await sha256(join(new TextEncoder().encode(`${name}\n`), key))).slice(0, 4);
    const hex = [...named].map((one) => one.toString(16).padStart(2, "0")).join("");
    if (hex !== id || key[0] !== 1 || note.origin !== name) return false;
    const line = note.lines.find((one) => one.name === name && same(one.raw.slice(0, 4), named));
    if (!line) return false;
    const imported = await crypto.subtle.importKey("raw", key.slice(1), { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "Ed25519" }, imported, line.raw.slice(4), new TextEncoder().encode(note.body));
  }

  // ---- the root -----------------------------------------------------------------------------------------------------
  // A tile's number as path: three digits an element, all but the last behind an x.
  function path(level, number, width) {
    const digits = String(number), padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
    const parts = padded.match(/.{3}/g), lead = parts.slice(0, -1).map((one) => `x${one}`);
    return `/tile/${level}/${encodeURIComponent([...lead, parts[parts.length - 1]].join("/") + (width < WIDTH ? `.p/${width}` : "")).replaceAll("%2F", "/")}`;
  }

  async function hashes(level, count) {
    const found = [];
    for (let number = 0; number * WIDTH < count; number++) {
      const width = Math.min(WIDTH, count - number * WIDTH);
      const raw = new Uint8Array(await (await ask(path(level, number, width))).arrayBuffer());
      for (let at = 0; at < width; at++) found.push(raw.slice(at * 32, at * 32 + 32));
    }
    return found;
  }

  // The partial tile at the right edge of a level: the hashes behind the last full tile.
  async function edge(level, count) {
    const width = count % WIDTH;
    if (!width) return [];
    const raw = new Uint8Array(await (await ask(path(level, Math.floor(count / WIDTH), width))).arrayBuffer());
    return Array.from({ length: width }, (_, at) => raw.slice(at * 32, at * 32 + 32));
  }

  // The root over some subtrees of one size, the last of which may be smaller: pair by pair, whoever is alone goes up as it is.
  async function fold(layer) {
    let now = layer;
    while (now.length > 1) {
      const above = [];
      for (let at = 0; at + 1 < now.length; at += 2) above.push(await node(now[at], now[at + 1]));
      if (now.length % 2) above.push(now[now.length - 1]);
      now = above;
    }
    return now[0];
  }

  async function rootFromTiles() {
    // From the lowest level that takes few tiles; of the levels below it the right edge.
    let level = 0;
    while (Math.floor(size / WIDTH ** (level + 1)) > 40) level++;
    let below = null;
    for (let under = 0; under < level; under++) {
      const part = await edge(under, Math.floor(size / WIDTH ** under));
      if (below) part.push(below);
      below = part.length ? await fold(part) : null;
    }
    const layer = await hashes(level, Math.floor(size / WIDTH ** level));
    if (below) layer.push(below);
    return fold(layer);
  }

  // ---- growth (RFC 9162 §2.1.4.2) -----------------------------------------------------------------------------------
  async function grown(oldRoot) {
    const told = await (await ask(`/consistency?from=${size}&to=${last}`)).json();
    const proof = told.proof.map(bytes), newRoot = bytes(told.new_root);
    if (size === last) return proof.length === 0 && same(oldRoot, newRoot);
    const route = (size & (size - 1)) === 0 ? [oldRoot, ...proof] : proof;
    if (!route.length) return false;
    let at = size - 1, end = last - 1;
    while (at % 2) { at = Math.floor(at / 2); end = Math.floor(end / 2); }
    let one = route[0], other = route[0];
    for (const sibling of route.slice(1)) {
      if (end === 0) return false;
      if (at % 2 || at === end) {
        one = await node(sibling, one);
        other = await node(sibling, other);
        while (at % 2 === 0 && at) { at /= 2; end = Math.floor(end / 2); }
      } else other = await node(other, sibling);
      at = Math.floor(at / 2);
      end = Math.floor(end / 2);
    }
    return end === 0 && same(one, oldRoot) && same(other, newRoot);
  }

  async function verify() {
    done.textContent = "";
    if (!window.crypto || !crypto.subtle) { say("insecure", "open"); return; }
    const listed = await (await ask(`/checkpoints?after=${size - 1}&limit=1`)).json();
    const text = listed.checkpoints[0].note, note = noteOf(text);
    const shown = document.getElementById("the-note").textContent;
    say("note", note.size === size && noteOf(shown).body === note.body ? "good" : "bad");
    try {
      say("signature", (await signed(note, document.getElementById("vkey").value)) ? "good" : "bad");
    } catch (error) {
      const unknown = error.name === "NotSupportedError";
      say(unknown ? "no_ed25519" : "key", unknown ? "open" : "bad");
    }
    say("root", same(await rootFromTiles(), note.root) ? "good" : "bad");
    say("grown", (await grown(note.root)) ? "good" : "bad");
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try { await verify(); } catch (error) { say("failed", "open"); }
    button.disabled = false;
  });
  form.hidden = false;
})();
