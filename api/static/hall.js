/* The hall's screen: turns its boards, follows the journal, and says so when it cannot. Without it the page leads on by itself. */
(() => {
  "use strict";
  const RETRY_MS = 10000, SILENT_MS = 40000, REST_MS = 4000, DOUBT_MS = 7000;
  const body = document.body, turnMs = Number(body.dataset.seconds) * 1000;
  const pause = document.getElementById("pause"), full = document.getElementById("full");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const main = () => document.getElementById("main");
  let stopped = still.matches, turning = 0, stream = null, heardAt = 0, point = main().dataset.point;
  let fetching = false, waiting = "", fetchedAt = 0, away = false, lost = { stream: false, part: false };

  function tell() {
    const said = document.getElementById("lost");
    const words = lost.stream || lost.part ? said.dataset.words : "";
    if (said.textContent !== words) said.textContent = words;
  }

  function mark() {
    for (const one of document.querySelectorAll(".hall-bar [data-board]")) {
      if (one.dataset.board === main().dataset.board) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
  }

  function put(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
    if (!fresh) return false;
    const same = fresh.dataset.board === main().dataset.board;
    if (!same && !still.matches) fresh.classList.add("comes");
    const focused = document.activeElement === main();
    main().replaceWith(document.adoptNode(fresh));
    if (focused) main().focus({ preventScroll: true });
    history.replaceState(null, "", fresh.dataset.here);
    mark();
    return true;
  }

  async function show(address) {
    if (fetching) { waiting = address; return; }
    fetching = true;
    const ending = new AbortController(), late = setTimeout(() => ending.abort(), RETRY_MS);
    try {
      const answer = await fetch(address + (address.includes("?") ? "&" : "?") + "part=1",
        { headers: { Accept: "text/html" }, cache: "no-store", signal: ending.signal });
      lost.part = !(answer.ok && put(await answer.text()));
      point = main().dataset.point;
    } catch { lost.part = !away; }
    clearTimeout(late);
    fetching = false;
    fetchedAt = Date.now();
    tell();
    if (waiting) { const next = waiting; waiting = ""; show(next); }
  }

  /* Where a board cannot be fetched, the one that hangs is tried again, until it comes. */
  function turn() { show(lost.part || stopped ? main().dataset.here : main().dataset.next); }

  function plan() {
    clearInterval(turning);
    turning = setInterval(() => { if (!stopped || lost.part) turn(); }, turnMs);
    pause.textContent = stopped ? pause.dataset.go : pause.dataset.pause;
  }

  let doubt = 0;

  /* A busy morning changes the journal all the time; the screen stays calm. */
  let soon = 0;
  function refresh() {
    clearTimeout(soon);
    soon = setTimeout(() => show(main().dataset.here), Math.max(0, REST_MS - (Date.now() - fetchedAt)));
  }

  function heard() {
    heardAt = Date.now();
    clearTimeout(doubt);
    doubt = 0;
    if (lost.stream) { lost.stream = false; if (lost.part) refresh(); }
    tell();
  }

  function listen() {
    if (stream) stream.close();
    heardAt = Date.now();
    stream = new EventSource(body.dataset.events + "?seen=" + encodeURIComponent(point));
    stream.onopen = heard;
    stream.addEventListener("alive", heard);
    stream.addEventListener("moved", event => { heard(); if (event.data !== point) refresh(); });
    stream.onerror = () => { if (!away) fail(); };
  }

  /* A stream that comes to its end is taken up again at once; only what stays away for a while is told. */
  function fail() {
    if (doubt) return;
    doubt = setTimeout(() => { doubt = 0; if (stream.readyState !== EventSource.OPEN) { lost.stream = true; tell(); } }, DOUBT_MS);
  }

  setInterval(() => {
    const silent = Date.now() - heardAt > SILENT_MS;
    if (silent) { lost.stream = true; tell(); }
    if (silent || stream.readyState === EventSource.CLOSED) listen();
  }, RETRY_MS);
  addEventListener("pagehide", () => { away = true; stream.close(); });
  addEventListener("pageshow", event => { if (event.persisted) { away = false; listen(); } });
  addEventListener("online", listen);
  addEventListener("offline", () => { lost.stream = true; tell(); });

  pause.hidden = false;
  pause.addEventListener("click", () => { stopped = !stopped; plan(); if (!stopped) turn(); });
  if (document.documentElement.requestFullscreen) {
    full.hidden = false;
    full.addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => {});
    });
  }
  for (const one of document.querySelectorAll(".hall-bar [data-board]")) {
    one.addEventListener("click", event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(one.getAttribute("href"));
      plan();
    });
  }
  plan();
  listen();
})();
