"use strict";
// While something is being done in the background: look again until it is, then show the page as it is then.
(() => {
  const work = document.getElementById("work");
  if (!work || !work.dataset.again) return;
  const look = async () => {
    try {
      const answer = await fetch(work.dataset.again, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("work");
      if (!fresh || !fresh.dataset.again) { location.reload(); return; }
      const old = work.querySelector("progress"), now = fresh.querySelector("progress");
      if (old && now && now.hasAttribute("value")) { old.max = now.max; old.value = now.value; }
    } catch (error) { /* the network is away: the next look tries again */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 1500);
})();
