// "Leave this page quickly": covers the page, ends the stay on the server with what was typed, and goes to another
// site in place of this page, so that Back does not come here. Without this script the button is an ordinary form.
const form = document.querySelector("form[data-leave-quickly]");

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const told = new FormData(form);
    for (const typed of document.querySelectorAll("main form[method=post]")) {
      for (const [name, value] of new FormData(typed)) {
        if (typeof value === "string" && name !== "csrfmiddlewaretoken") {
          told.append(name, value);
        }
      }
    }
    document.documentElement.hidden = true;
    document.title = form.dataset.title;
    navigator.sendBeacon(form.action, told);
    for (const typed of document.forms) {
      for (const field of typed.elements) {
        if (field.type !== "hidden") {
          field.value = "";
          field.checked = false;
        }
      }
    }
    location.replace(form.dataset.leaveQuickly);
  });

  // A page that the browser kept whole for Back is asked for again, and the server says that it is closed.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.documentElement.hidden = true;
      location.reload();
    }
  });
}
