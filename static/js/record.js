// Recording a family: whoever is typed in is called by their name wherever the page lists them. Without this script
// they are "Child 1" and "Adult 2" until the next row is asked for.
for (const row of document.querySelectorAll("[data-row]")) {
  const given = row.querySelector('[name$="-given_name"]');
  const unnamed = row.querySelector('[name$="-unnamed_as"]');
  const call = () => {
    const called = given.value.trim() || unnamed?.value.trim() || row.dataset.noun;
    for (const place of document.querySelectorAll(`[data-called="${row.dataset.row}"]`)) {
      place.textContent = called;
    }
    for (const box of document.querySelectorAll(`input[type=checkbox][value="${row.dataset.row}"]`)) {
      box.labels[0].textContent = called;
    }
  };
  given?.addEventListener("input", call);
  unnamed?.addEventListener("input", call);
}
