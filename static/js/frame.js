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
