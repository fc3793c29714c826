// SPDX-License-Identifier: Apache-2.0

/// The look of every page: light and dark as the reader's system says, A4 when printed, from 390 pixels upwards.
package enum PageStyle {
  /// Colours are variables, so that a page's own rules follow them: `--text --soft --line --paper --card --pass --fail
  /// --warn --none` and the charts' `--a ... --e`.
  static let common: StaticString = """
    :root { color-scheme: light dark;
      --paper: #f4f6f8; --card: #ffffff; --text: #18202b; --soft: #55606f; --line: #d5dbe3; --faint: #eceff3;
      --pass: #18713b; --fail: #b3202a; --warn: #8a5a00; --none: #55606f; --on: #ffffff; --link: #1a5fb4;
      --a: #2a6fd6; --b: #b4530a; --c: #7d3cb5; --d: #18713b; --e: #b3202a; --shade: #8090a826; --fault: #b3202a22; }
    @media (prefers-color-scheme: dark) { :root {
      --paper: #0e131a; --card: #161d27; --text: #e4e9f0; --soft: #a3afbf; --line: #303b4a; --faint: #212a36;
      --pass: #55c983; --fail: #ff7b7b; --warn: #e8b84a; --none: #a3afbf; --on: #0e131a; --link: #7fb2ff;
      --a: #6fa8ff; --b: #f2a65a; --c: #cf9bff; --d: #55c983; --e: #ff7b7b; --shade: #93a4bd26; --fault: #ff7b7b2b; } }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0 auto; max-width: 1160px; padding: 16px 24px 40px; background: var(--paper); color: var(--text);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
      overflow-wrap: break-word; }
    h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 0 0 12px; }
    h3 { font-size: 1rem; margin: 20px 0 6px; overflow-wrap: anywhere; }
    p { margin: 0 0 10px; }
    ul { margin: 0 0 10px; padding-left: 22px; }
    a { color: var(--link); }
    code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: 0.9em; }
    code { overflow-wrap: anywhere; }
    pre { background: var(--faint); border-radius: 6px; padding: 10px 12px; margin: 6px 0 12px; white-space: pre-wrap;
      overflow-wrap: anywhere; }
    section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px;
      margin: 16px 0; }
    .soft { color: var(--soft); }
    .whole { white-space: nowrap; }
    .small { font-size: 0.87rem; }
    .demo { border: 2px dashed var(--warn); border-radius: 8px; color: var(--warn); padding: 6px 12px; margin: 0 0 12px; }
    .banner { background: var(--card); border: 1px solid var(--line); border-left-width: 10px; border-radius: 10px;
      padding: 16px 20px; }
    .banner.pass { border-left-color: var(--pass); }
    .banner.fail { border-left-color: var(--fail); }
    .banner.warn { border-left-color: var(--warn); }
    .banner.none { border-left-color: var(--none); }
    .banner .answer { display: flex; align-items: center; gap: 12px; font-size: 2rem; font-weight: 700; line-height: 1.2;
      margin: 0 0 4px; letter-spacing: 0.01em; }
    .banner .answer .mark { width: 34px; height: 34px; flex: none; }
    .banner.pass .answer { color: var(--pass); }
    .banner.fail .answer { color: var(--fail); }
    .banner.warn .answer { color: var(--warn); }
    .badge { display: inline-flex; align-items: center; gap: 6px; font-weight: 600; white-space: nowrap; }
    .badge.pass { color: var(--pass); }
    .badge.fail { color: var(--fail); }
    .badge.warn { color: var(--warn); }
    .badge.none { color: var(--none); }
    .mark { flex: none; vertical-align: -3px; }
    .mark .f { stroke: none; }
    .mark .s { fill: none; stroke: var(--card); stroke-width: 2; }
    .mark .r { fill: none; stroke-width: 2; stroke: var(--none); }
    .mark .q { fill: none; stroke-width: 2; stroke: var(--none); }
    .mark.pass .f { fill: var(--pass); }
    .mark.fail .f { fill: var(--fail); }
    .mark.warn .f { fill: var(--warn); }
    .facts { margin: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 18px; }
    .facts div { display: contents; }
    .facts dt { color: var(--soft); }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; margin: 0 0 10px; }
    table { border-collapse: collapse; min-width: 100%; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; vertical-align: top; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line);
      font-weight: 400; }
    thead th { color: var(--soft); font-size: 0.87rem; white-space: nowrap; vertical-align: bottom; }
    th.n, td.n { text-align: right; white-space: nowrap; }
    th.w, td.w { min-width: 16rem; overflow-wrap: anywhere; }
    tr > :last-child { padding-right: 0; }
    details { margin: 6px 0; }
    summary { cursor: pointer; color: var(--link); }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    footer { color: var(--soft); font-size: 0.87rem; }
    @media (max-width: 640px) {
      body { padding: 10px 10px 30px; }
      section, .banner { padding: 14px 12px; border-radius: 8px; }
      .banner .answer { font-size: 1.6rem; }
      h1 { font-size: 1.2rem; }
      .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
      .facts dd { margin-bottom: 8px; }
      .badge { white-space: normal; }
      .stack table, .stack tbody, .stack tr { display: block; }
      .stack thead { display: none; }
      .stack tr { border-bottom: 1px solid var(--line); padding: 8px 0; }
      .stack th, .stack td, .stack td.n { display: block; border: 0; padding: 1px 0; text-align: left;
        min-width: 0; white-space: normal; }
      .stack td.n { display: inline-block; margin-right: 18px; }
      .stack td.n::before { content: attr(data-label) " "; color: var(--soft); font-size: 0.87rem; }
    }
    @media print {
      @page { size: A4; margin: 14mm 12mm; }
      :root { color-scheme: light;
        --paper: #ffffff; --card: #ffffff; --text: #000000; --soft: #444444; --line: #bbbbbb; --faint: #f2f2f2;
        --pass: #18713b; --fail: #b3202a; --warn: #8a5a00; --none: #555555; --on: #ffffff; --link: #000000;
        --a: #2a6fd6; --b: #b4530a; --c: #7d3cb5; --d: #18713b; --e: #b3202a; --shade: #8090a826; }
      body { max-width: none; padding: 0; font-size: 10.5pt; }
      section, .banner { padding: 8px 10px; margin: 8px 0; }
      tr, figure, .banner, .facts div { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
      .scroll { overflow: visible; }
      a { text-decoration: none; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }

    """
}
