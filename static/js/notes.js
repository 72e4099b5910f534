// The note form by keys: heading, speaker, fact or opinion, child. Without this script its ordinary fields do the same.
// Each key needs Alt, so that words can be typed; "?" works outside the boxes only, and all can be turned off.
const form = document.querySelector("form[data-note]");
const help = document.querySelector("[data-keys]");
const OFF = "cp-note-keys-off";

if (form && help) {
  const words = form.elements.namedItem("text");
  const opener = help.querySelector("[data-keys-open]");
  const panel = help.querySelector("#note-keys");
  const off = help.querySelector("[data-keys-off]");
  const said = help.querySelector("[data-keys-said]");
  const all = (name) => [...form.querySelectorAll(`input[name="${name}"]`)];
  const nameOf = (input) => input.labels[0].textContent.trim();
  let isOff = remembered();

  const choose = (input) => {
    input.checked = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    said.textContent = nameOf(input);
  };

  const nextChild = () => {
    const boxes = all("children");
    const now = boxes.findLastIndex((box) => box.checked);
    for (const box of boxes) {
      box.checked = false;
    }
    if (now + 1 < boxes.length) {
      choose(boxes[now + 1]);
    } else {
      said.textContent = "All the children";
      form.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const speaker = form.elements.namedItem("speaker");
  const keys = {
    KeyS: () => (document.activeElement === speaker ? words : speaker).focus(),
    KeyO: () => {
      const natures = all("nature");
      choose(natures.find((input) => !input.checked) ?? natures[0]);
    },
    KeyC: nextChild,
    KeyT: () => words.focus(),
  };

  const show = (open) => {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  };

  const tell = () => {
    off.textContent = isOff ? "Turn the keys on" : "Turn the keys off";
  };

  document.addEventListener("keydown", (event) => {
    if (isOff || event.defaultPrevented) {
      return;
    }
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const heading = digit && all("heading")[Number(digit) - 1];
      if (heading) {
        event.preventDefault();
        choose(heading);
      } else if (keys[event.code]) {
        event.preventDefault();
        keys[event.code]();
      }
    } else if (event.key === "?" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      event.preventDefault();
      show(panel.hidden);
    }
  });

  opener.addEventListener("click", () => show(panel.hidden));
  off.addEventListener("click", () => {
    isOff = !isOff;
    try {
      sessionStorage.setItem(OFF, isOff ? "1" : "");
    } catch {
      // Then it holds for this page only.
    }
    tell();
  });
  // "Write here" of a column changes the heading without leaving what is typed.
  for (const link of document.querySelectorAll("[data-write-here]")) {
    link.addEventListener("click", (event) => {
      const input = all("heading").find((one) => one.value === link.dataset.writeHere);
      if (input) {
        event.preventDefault();
        choose(input);
        words.focus();
      }
    });
  }
  tell();
  help.hidden = false;
}

function remembered() {
  try {
    return sessionStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}
