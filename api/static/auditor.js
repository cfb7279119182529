"use strict";
// The replay console: the slider moves at once, and play steps on by itself. Every moment is a page of the server's.
(() => {
  const slide = document.getElementById("slide"), play = document.getElementById("play");
  if (!slide || !window.fetch) return;
  const slid = document.getElementById("slid"), number = document.getElementById("number");
  const day = document.getElementById("day"), run = document.getElementById("run");
  const pace = document.getElementById("pace"), said = document.getElementById("said");
  const EVERY_MS = 1400, head = Number(slide.max);
  const home = slide.form.getAttribute("action");
  let playing = 0, wanted = null, busy = false;

  const label = (value) => { slid.textContent = slid.textContent.replace(/[\d,]+/, Number(value).toLocaleString("en-US")); };

  async function show(address) {
    // While one moment is on its way only the last one that was asked for waits.
    if (busy) { wanted = address; return; }
    busy = true;
    const old = document.getElementById("moment");
    old.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("moment");
      if (!answer.ok || !fresh) { location.href = address; return; }
      const focused = document.activeElement && old.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
      old.replaceWith(fresh);
      if (focused) { const same = [...fresh.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === focused); if (same) same.focus(); }
      const here = fresh.dataset.position;
      slide.value = here;
      number.value = here;
      day.value = page.getElementById("day").value;
      label(here);
      if (!playing || Number(here) >= head) said.textContent = fresh.dataset.said;
      document.title = page.title;
      history.replaceState(null, "", address);
      if (playing && Number(here) >= head) stop();
      ended();
    } catch (error) {
      stop();
      location.href = address;
    } finally {
      busy = false;
      document.getElementById("moment").removeAttribute("aria-busy");
      if (wanted) { const next = wanted; wanted = null; show(next); }
    }
  }

  const at = (position) => `${home}?position=${Math.max(0, Math.min(head, position))}`;
  // At the last event there is nothing further to play; a pause stays a pause for whoever has the focus on it.
  const ended = () => { run.disabled = !playing && Number(slide.value) >= head; };
  function stop() { clearInterval(playing); playing = 0; run.textContent = run.dataset.play; run.setAttribute("aria-pressed", "false"); }
  function start() {
    run.textContent = run.dataset.pause;
    run.setAttribute("aria-pressed", "true");
    playing = setInterval(() => { if (!busy) show(at(Number(slide.value) + Number(pace.value))); }, EVERY_MS);
  }

  slide.addEventListener("input", () => { label(slide.value); ended(); });
  slide.addEventListener("change", () => { stop(); show(at(Number(slide.value))); });
  run.addEventListener("click", () => (playing ? stop() : start()));
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".stepping a, .near a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    stop();
    show(link.getAttribute("href"));
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden && playing) stop(); });
  run.setAttribute("aria-pressed", "false");
  ended();
  play.hidden = false;
})();
