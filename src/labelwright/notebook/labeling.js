// One item at a time: 1-9 answers, space skips, backspace goes back, enter confirms the batch.
function element(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

function content(item) {
  if (item.image) return element("img", { src: item.image, alt: "" });
  if (item.row) {
    return element("table", {}, ...item.row.map(([name, value]) => element("tr", {}, element("th", { textContent: name }), element("td", { textContent: value }))));
  }
  return element("p", { textContent: item.text, dir: "auto" });
}

export default {
  render({ model, el }) {
    const root = element("div", { className: "lw-label", tabIndex: 0 });
    el.append(root);
    let at = 0;

    const choose = (value) => {
      if (model.get("state") !== "asking" && model.get("state") !== "failed") return;
      const chosen = [...model.get("chosen")];
      if (at >= chosen.length) return;
      chosen[at] = value;
      model.set("chosen", chosen);
      model.save_changes();
      at += 1;
      draw();
    };
    const back = () => {
      if (at > 0) at -= 1;
      draw();
    };
    const confirm = () => {
      if (model.get("state") === "busy" || model.get("state") === "ended" || model.get("chosen").some((k) => k === null)) return;
      model.set("confirmed", model.get("confirmed") + 1);
      model.save_changes();
    };

    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") return;
      const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
      if (digit >= 0 && digit < model.get("classes").length) choose(digit);
      else if (event.key === " ") choose(-1);
      else if (event.key === "Backspace") back();
      else if (event.key === "Enter" && at >= model.get("items").length) confirm();
      else return;
      event.preventDefault();
      event.stopPropagation(); // the notebook has keys of its own
    });

    function draw() {
      const items = model.get("items");
      const classes = model.get("classes");
      const chosen = model.get("chosen");
      const state = model.get("state");
      at = Math.min(at, items.length);
      const done = chosen.filter((k) => k !== null).length;
      const head = element("header", {}, element("b", { textContent: model.get("title") }), element("span", { textContent: `${Math.min(at + 1, items.length)} of ${items.length}` }), element("progress", { max: items.length, value: done }));
      const parts = [head];
      if (state === "ended") {
        parts.push(element("p", { className: "lw-note", textContent: "All is labeled: no further batch." }));
      } else if (at < items.length) {
        parts.push(element("section", {}, content(items[at])));
        const filter = element("input", { placeholder: "Find a label", ariaLabel: "Find a label" });
        const buttons = element("nav", {});
        const list = (wanted) => {
          buttons.replaceChildren(
            ...classes.flatMap((label, k) => {
              if (!label.toLowerCase().includes(wanted.toLowerCase())) return [];
              const button = element("button", { type: "button", onclick: () => { choose(k); root.focus(); } }, ...(k < 9 ? [element("kbd", { textContent: String(k + 1) })] : []), label);
              if (chosen[at] === k) button.dataset.chosen = "";
              return [button];
            }),
          );
        };
        list("");
        filter.oninput = () => list(filter.value);
        filter.onkeydown = (event) => {
          event.stopPropagation();
          if (event.key === "Enter") buttons.querySelector("button")?.click();
          if (event.key === "Escape") root.focus();
        };
        parts.push(...(classes.length > 9 ? [filter] : []), buttons);
        parts.push(element("footer", {}, element("button", { type: "button", onclick: () => { choose(-1); root.focus(); } }, element("kbd", { textContent: "space" }), "Skip"), element("button", { type: "button", disabled: at === 0, onclick: () => { back(); root.focus(); } }, element("kbd", { textContent: "⌫" }), "Back")));
      } else {
        const skipped = chosen.filter((k) => k === -1).length;
        parts.push(element("p", { className: "lw-note", textContent: `${done - skipped} answers, ${skipped} skipped.` }));
        parts.push(element("nav", {}, element("button", { type: "button", className: "lw-main", disabled: state === "busy", onclick: confirm }, element("kbd", { textContent: "enter" }), state === "busy" ? "Training…" : "Train on these"), element("button", { type: "button", disabled: state === "busy", onclick: () => { back(); root.focus(); } }, element("kbd", { textContent: "⌫" }), "Back")));
      }
      if (model.get("problem")) parts.push(element("p", { className: "lw-problem", role: "alert", textContent: model.get("problem") }));
      root.replaceChildren(...parts);
    }

    const anew = () => {
      if (model.get("chosen").every((k) => k === null)) at = 0;
      draw();
    };
    for (const name of ["items", "chosen", "title", "state", "problem"]) model.on(`change:${name}`, anew);
    draw();
  },
};
