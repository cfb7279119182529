/* Clocks that go on ticking, photos made smaller before they are sent, and the button that prints. Without it all works too. */
"use strict";
(() => {
  const minute = 60000, hour = 60 * minute, day = 24 * hour;
  const put = (text, figures) => text.replace(/#([dhm])/g, (_all, name) => String(figures[name]));
  const clocks = [...document.querySelectorAll(".clock[data-until]")];
  const left = (clock) => {
    const rest = Number(clock.dataset.until) - Date.now();
    if (rest <= 0) return clock.dataset.over;
    const figures = { d: Math.floor(rest / day), h: Math.floor((rest % day) / hour), m: Math.floor((rest % hour) / minute) };
    if (rest < hour) figures.m = Math.max(1, figures.m);
    return put(rest >= day ? clock.dataset.days : rest >= hour ? clock.dataset.hours : clock.dataset.minutes, figures);
  };
  const tick = () => {
    for (const clock of clocks) {
      const words = left(clock);
      if (clock.textContent !== words) clock.textContent = words;
    }
  };
  if (clocks.length) {
    tick();
    setInterval(tick, 1000);
  }

  const smaller = async (file, longest) => {
    if (!file.type.startsWith("image/") || file.size < 600000) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  };
  for (const input of document.querySelectorAll("input[type=file][data-shrink]")) {
    input.addEventListener("change", async () => {
      try {
        const chosen = new DataTransfer();
        for (const file of input.files) chosen.items.add(await smaller(file, Number(input.dataset.shrink)));
        input.files = chosen.files;
      } catch {
        /* Sent as it is: the server makes it smaller. */
      }
    });
  }

  for (const button of document.querySelectorAll("button.print")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
