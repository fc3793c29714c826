// SPDX-License-Identifier: Apache-2.0

extension DecisionPage {
  /// Filters of the checklist. It makes no markup: rows are shown or left out by a class that paper does not know.
  static let script: StaticString = """
    "use strict";
    (() => {
      const filters = document.querySelector(".filters");
      const rows = [...document.querySelectorAll("tr.row")];
      const texts = rows.map((row) => row.textContent.toLowerCase());
      const choices = [...filters.querySelectorAll("select")];
      const search = filters.querySelector("input[type=search]");
      const onlyOpen = filters.querySelector("input[type=checkbox]");
      const state = filters.querySelector("[role=status]");
      const show = () => {
        const words = search.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
        let shown = 0;
        rows.forEach((row, index) => {
          const fits = choices.every((one) => one.value === "" || row.dataset[one.dataset.key] === one.value)
            && (!onlyOpen.checked || row.dataset.open === "1") && words.every((word) => texts[index].includes(word));
          row.classList.toggle("out", !fits);
          if (fits) shown += 1;
        });
        for (const body of document.querySelectorAll(".rows > tbody")) {
          body.classList.toggle("out", body.querySelector("tr.row:not(.out)") === null);
        }
        state.textContent = shown === rows.length ? `All ${shown} rows are shown.`
          : `${shown} of ${rows.length} rows are shown; paper shows all.`;
      };
      const clear = () => {
        for (const one of choices) one.value = "";
        search.value = "";
        onlyOpen.checked = false;
        show();
      };
      // A link to a row leads to it, whatever was filtered out.
      const arrive = () => {
        const row = rows.find((one) => "#" + one.id === location.hash);
        if (row === undefined) return;
        if (row.classList.contains("out")) clear();
        row.querySelector("details").open = true;
        row.scrollIntoView({block: "center"});
      };
      filters.addEventListener("input", show);
      filters.addEventListener("click", (event) => {
        const order = event.target.dataset.do;
        if (order === "clear") clear();
        if (order === "open" || order === "close") {
          for (const row of rows) {
            if (!row.classList.contains("out")) row.querySelector("details").open = order === "open";
          }
        }
      });
      window.addEventListener("hashchange", arrive);
      filters.hidden = false;
      show();
      arrive();
    })();
    """
}
