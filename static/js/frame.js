// Collapses the navigation on a phone. Without this script it stays open below the header.
const frame = document.querySelector("[data-cp-frame]");
const button = frame?.querySelector(".cp-header__menu");

if (button) {
  frame.classList.add("cp-frame--menu");
  button.addEventListener("click", () => {
    const open = frame.classList.toggle("cp-frame--open");
    button.setAttribute("aria-expanded", String(open));
  });
}

// A table wider than the window, because of a word without end, may break words: others keep theirs whole.
const tables = document.querySelectorAll("main table");
const tighten = () => {
  const wide = [...tables].filter((table) => table.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
  wide.forEach((table) => table.classList.add("cp-table--tight"));
};
tighten();
addEventListener("resize", tighten);
