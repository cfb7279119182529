// The queue by keyboard: j and k go from piece to piece, letters press buttons; after one is done the next has the focus.
(() => {
  "use strict";
  const STORE = "nuanlin-keys";
  const tasks = () => [...document.querySelectorAll("li.task:not(.done)")];
  const toggle = document.getElementById("keys-on");

  const kept = () => { try { return localStorage.getItem(STORE); } catch { return null; } };
  if (toggle) {
    toggle.closest("label").hidden = false;
    toggle.checked = kept() !== "off";
    toggle.addEventListener("change", () => {
      try { localStorage.setItem(STORE, toggle.checked ? "on" : "off"); } catch { /* then it holds until the page is left */ }
    });
  }

  const current = () => document.activeElement?.closest?.("li.task") || null;
  const go = (task) => { if (task) { task.focus(); task.scrollIntoView({ block: "nearest" }); } };

  function step(by) {
    const all = tasks(), here = all.indexOf(current());
    go(all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1)]);
  }

  function press(task, letter) {
    const target = task.querySelector(`[data-key="${letter}"]`);
    if (!target) return false;
    if (target.tagName === "SUMMARY") {
      target.parentElement.open = true;
      target.parentElement.querySelector("input:not([type=hidden]), select")?.focus();
    } else {
      target.click();
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const on = document.activeElement;
    if (event.key === "Escape") {
      const open = on?.closest?.(".deed[open]");
      if (open) { const task = open.closest("li.task"); open.open = false; (task || open.querySelector("summary")).focus(); }
      return;
    }
    if (on?.matches?.("input, select, textarea")) return;
    if (toggle && !toggle.checked) return;
    let done = true;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "?") { const keys = document.querySelector(".keys"); keys.open = !keys.open; }
    else if (event.key === "Enter") { if (on?.matches?.("li.task")) press(on, "Enter"); else done = false; }
    else if (/^[a-z]$/.test(event.key)) { const task = current(); done = Boolean(task) && press(task, event.key); }
    else done = false;
    if (done) event.preventDefault();
  });

  // A refusal is shown where the button is, although its status says that nothing was done.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (target?.matches?.(".task") && xhr.status >= 400 && /class="task/.test(xhr.responseText)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.detail.elt;
    if (!swapped?.matches?.("li.task")) return;
    if (!swapped.matches(".done")) { (swapped.querySelector("[role=alert]") || swapped).focus(); return; }
    const all = [...document.querySelectorAll("li.task")];
    const after = all.slice(all.indexOf(swapped)).find((one) => !one.matches(".done"));
    go(after || tasks().at(-1) || swapped);
  });
})();
