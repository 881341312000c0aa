() => {
  // Finds things on a page by what a reader sees. Each function answers {Text} or {Error}.
  const clean = (s) => (s || "").replace(/\s+/g, " ").trim();
  const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
  const selectors = {
    button: "button, input[type=submit], [role=button]",
    link: "a[href]",
    summary: "summary",
  };

  // nameOf gives the words of an element as they are read, hidden ones included.
  const nameOf = (e) => clean(e.getAttribute("aria-label") || e.value || e.textContent);

  const best = (candidates, words) =>
    candidates.find((e) => nameOf(e) === words || clean(e.innerText) === words) ||
    candidates.find((e) => nameOf(e).startsWith(words)) ||
    candidates.find((e) => nameOf(e).includes(words));

  const where = (role, words) => {
    const candidates = [...document.querySelectorAll(selectors[role])].filter(shown);
    const e = best(candidates, words);
    if (!e) {
      return { X: 0, Y: 0, Error: `no ${role} "${words}"; there are: ${candidates.map(nameOf).join(" | ")}` };
    }
    e.scrollIntoView({ block: "center", behavior: "instant" });
    const r = e.getClientRects()[0];
    const x = r.left + r.width / 2;
    const y = r.top + r.height / 2;
    const hit = document.elementFromPoint(x, y);
    if (!hit || !(e.contains(hit) || hit.contains(e))) {
      return { X: 0, Y: 0, Error: `${role} "${words}" is covered` };
    }
    return { X: x, Y: y, Error: "" };
  };

  // labelText leaves the mark of optional fields out.
  const labelText = (l) => {
    const copy = l.cloneNode(true);
    copy.querySelectorAll(".optional").forEach((o) => o.remove());
    return clean(copy.textContent);
  };

  const field = (label) => {
    const labels = [...document.querySelectorAll("label")].filter(shown);
    const l = labels.find((l) => labelText(l) === label) || labels.find((l) => labelText(l).startsWith(label));
    return l && l.control;
  };

  const noField = (label) => ({
    Text: "",
    Error: `no field "${label}"; there are: ${[...document.querySelectorAll("label")].map(labelText).join(" | ")}`,
  });
  const done = (text) => ({ Text: text || "", Error: "" });

  // focusName gives what a reader calls the thing that has the focus.
  const focusName = (e) => {
    if (!e || e === document.body) return "";
    if (e.labels && e.labels.length) return labelText(e.labels[0]);
    const by = e.getAttribute("aria-labelledby");
    if (by && document.getElementById(by)) return clean(document.getElementById(by).textContent);
    return e.matches("main") ? "main" : clean(e.getAttribute("aria-label") || e.innerText || e.value);
  };

  // ring is what the focus may show itself by, on the element and on the label of a choice.
  const ring = (e) => {
    const s = getComputedStyle(e);
    return [s.outlineStyle === "none" ? "none" : `${s.outlineStyle} ${s.outlineWidth} ${s.outlineColor}`, s.boxShadow, s.backgroundColor, s.borderColor].join("; ");
  };

  // unseen says why one cannot see that an element has the focus; "" if one can. Where the focus
  // came by the skip link the whole content has it, and the page itself begins there.
  const unseen = (e) => {
    if (!e || e === document.body) return "it is on nothing";
    if (e.matches("main")) return e.getBoundingClientRect().top < innerHeight ? "" : "the content is out of sight";
    const name = `${e.tagName.toLowerCase()} "${focusName(e)}"`;
    const s = getComputedStyle(e);
    const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
    if (!outlined && s.boxShadow === "none") return `${name} has neither outline nor shadow`;
    const r = e.getBoundingClientRect();
    if (r.width < 2 || r.height < 2) return `${name} has no size`;
    const left = Math.max(r.left, 0), right = Math.min(r.right, innerWidth);
    const top = Math.max(r.top, 0), bottom = Math.min(r.bottom, innerHeight);
    if (right - left < 2 || bottom - top < 2) return `${name} is out of the window at ${Math.round(r.left)},${Math.round(r.top)}`;
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return hit && (e.contains(hit) || hit.contains(e)) ? "" : `${name} is covered by ${hit ? hit.tagName : "nothing"}`;
  };

  return {
    where,
    focusField: (label) => {
      const f = field(label);
      if (!f) return noField(label);
      f.scrollIntoView({ block: "center", behavior: "instant" });
      f.focus();
      if (f.select) f.select();
      return done();
    },
    choose: (label, option) => {
      const f = field(label);
      if (!f) return noField(label);
      const o = [...f.options].find((o) => clean(o.text) === option) || [...f.options].find((o) => clean(o.text).startsWith(option));
      if (!o) return { Text: "", Error: `"${label}" has no "${option}"; it has: ${[...f.options].map((o) => clean(o.text)).join(" | ")}` };
      f.value = o.value;
      f.dispatchEvent(new Event("input", { bubbles: true }));
      f.dispatchEvent(new Event("change", { bubbles: true }));
      return done();
    },
    check: (label, on) => {
      const f = field(label);
      if (!f) return noField(label);
      f.scrollIntoView({ block: "center", behavior: "instant" });
      if (f.checked !== on) f.click();
      return done();
    },
    value: (label) => {
      const f = field(label);
      return f ? done(f.value) : noField(label);
    },
    focused: () => {
      const e = document.activeElement;
      return done(e ? e.tagName.toLowerCase() + " " + (e.id ? "#" + e.id + " " : "") + nameOf(e).slice(0, 80) : "");
    },
    // summaryLeads tells which links of an error summary lead nowhere or out of the page's order.
    summaryLeads: () => {
      let last = null;
      const wrong = [];
      for (const a of document.querySelectorAll(".error-summary a")) {
        const target = document.getElementById(decodeURIComponent(a.hash.slice(1)));
        if (!target || !shown(target)) wrong.push(`"${clean(a.innerText)}" leads nowhere`);
        else if (last && last.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING) wrong.push(`"${clean(a.innerText)}" stands after a later field's`);
        last = target || last;
      }
      return done(wrong.join(", "));
    },
    // rows counts the lines that the children of an element stand on; what stands on one line ends on it.
    rows: (selector) => done(String(new Set([...document.querySelector(selector).children].filter(shown).map((e) => Math.round(e.getBoundingClientRect().bottom / 8))).size)),
    lang: () => done(document.documentElement.lang),
    focusName: () => done(focusName(document.activeElement)),
    focusValue: () => done(document.activeElement.value),
    focusChecked: () => done(document.activeElement.checked ? "yes" : ""),
    focusGroup: (label) => {
      const group = document.getElementsByName(document.activeElement.name || "");
      return done([...group].some((e) => e.labels && e.labels.length && labelText(e.labels[0]) === label) ? "yes" : "");
    },
    focusOption: () => {
      const e = document.activeElement;
      return e.options ? done(clean(e.options[e.selectedIndex].text)) : { Text: "", Error: `"${focusName(e)}" is not a select` };
    },
    rememberFocus: () => {
      const e = document.activeElement;
      window.focusBefore = e && e !== document.body ? { e, ring: ring(e) } : null;
      return done();
    },
    // unseenFocus looks at where the focus is and, now that it is without, at where it was.
    unseenFocus: () => {
      const before = window.focusBefore;
      const why = unseen(document.activeElement);
      if (!why && before && before.e.isConnected && !before.e.matches("main") && before.e !== document.activeElement && ring(before.e) === before.ring) {
        return done(`"${focusName(before.e)}" looks the same with the focus and without`);
      }
      return done(why);
    },
    // focusJump tells that within the content the focus went to something that lies higher.
    focusJump: () => {
      const before = window.focusBefore, e = document.activeElement;
      if (!before || !before.e.isConnected || !before.e.closest("main") || !e.closest("main") || before.e.matches("main")) return done();
      const was = before.e.getBoundingClientRect(), is = e.getBoundingClientRect();
      return done(is.bottom <= was.top && is.left <= was.left ? `from "${focusName(before.e)}" to "${focusName(e)}"` : "");
    },
    text: () => done(clean(document.body.innerText)),
    textOf: (selector) => {
      const e = document.querySelector(selector);
      return e ? done(clean(e.innerText)) : { Text: "", Error: `nothing matches ${selector}` };
    },
    sideways: () => {
      const wide = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= wide) return done();
      const out = [...document.body.querySelectorAll("*")]
        .filter((e) => shown(e) && e.getBoundingClientRect().right > wide + 1 && getComputedStyle(e).position !== "absolute")
        .slice(0, 8)
        .map((e) => e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? "." + e.className : "") + " " + Math.round(e.getBoundingClientRect().right));
      return done(`${document.documentElement.scrollWidth} > ${wide}: ${out.join(", ")}`);
    },
    small: () => {
      const targets = [...document.querySelectorAll("button, summary, input:not([type=hidden]), select, textarea, a.button")].filter(shown);
      const bad = targets.filter((e) => {
        const r = e.getBoundingClientRect();
        return r.width > 1 && (r.width < 24 || r.height < 24) && !(e.labels && [...e.labels].some((l) => l.getBoundingClientRect().height >= 24));
      });
      return done(bad.map((e) => `${e.tagName.toLowerCase()} "${nameOf(e)}"`).join(", "));
    },
  };
}
