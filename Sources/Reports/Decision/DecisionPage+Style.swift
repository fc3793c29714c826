// SPDX-License-Identifier: Apache-2.0

extension DecisionPage {
  /// Beside the common rules. The checklist is a table where there is room and on paper, and cards on a phone.
  static let style: StaticString = """
    .decision .meaning { color: var(--soft); margin: 4px 0 12px; }
    .decision .banner .facts { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 6px 18px; }
    .decision .banner .facts div { display: block; }
    .decision .banner .facts dt { font-size: 0.8rem; }
    .loud { border: 2px solid var(--fail); border-radius: 8px; padding: 8px 14px; margin: 12px 0 0; }
    .loud ul { margin: 4px 0 0; }
    .answers { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 16px; align-items: start; }
    .scores { width: 100%; }
    .scores caption { text-align: left; color: var(--soft); font-size: 0.87rem; padding-bottom: 4px; }
    .scores th, .scores td { padding: 3px 12px 3px 0; border-bottom: 0; vertical-align: middle; }
    .scores thead { display: none; }
    .scores .lead th, .scores .lead td { font-weight: 700; padding-bottom: 7px; }
    .scores td.bar { width: 34%; }
    .score { display: block; width: 100%; border-radius: 3px; overflow: hidden; }
    .score .all { fill: var(--faint); }
    .score.part .done { fill: var(--a); }
    .score.full .done { fill: var(--pass); }
    .decision nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 2px; }
    .scroll .id { white-space: nowrap; }
    #risks .w { min-width: 8.5rem; }
    .unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
    .readings { margin: 0 0 10px; }
    .readings div { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 24px; padding: 6px 0;
      border-bottom: 1px solid var(--line); break-inside: avoid; }
    .readings dt { color: var(--soft); }
    .readings dd { margin: 0; }
    .answer-to { display: flex; gap: 6px; align-items: flex-start; }
    .answer-to .mark { margin-top: 3px; }
    .filters { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin: 0 0 12px; }
    .filters[hidden] { display: none; }
    .filters label { display: flex; flex-direction: column; font-size: 0.8rem; color: var(--soft); }
    .filters label.tick { flex-direction: row; align-items: center; gap: 6px; min-height: 34px; }
    .filters select, .filters input[type="search"], .filters button { font: inherit; font-size: 0.93rem; min-height: 34px;
      color: var(--text); background: var(--card); border: 1px solid var(--soft); border-radius: 6px; padding: 3px 8px;
      max-width: 100%; }
    .filters select { max-width: 11rem; }
    .filters .text { flex: 1 1 9rem; }
    .filters .buttons { display: flex; gap: 8px; }
    .filters button { cursor: pointer; }
    .filters p { margin: 0; flex-basis: 100%; }
    .rows { width: 100%; table-layout: fixed; }
    .rows > thead th:nth-child(1) { width: 8.6rem; }
    .rows > thead th:nth-child(3) { width: 7rem; }
    .rows > thead th:nth-child(4) { width: 8rem; }
    .rows > thead th:nth-child(5) { width: 9.5rem; }
    .rows td, .rows th { overflow-wrap: anywhere; }
    .rows .head th { font-weight: 700; font-size: 1.02rem; padding-top: 18px; }
    .rows .head .soft { font-weight: 400; font-size: 0.87rem; }
    .rows .row > th { font-weight: 600; }
    .rows .priority, .rows .date { display: block; font-weight: 400; font-size: 0.76rem; color: var(--soft); }
    .rows .blocker { color: var(--fail); }
    .rows details { margin: 0; }
    .rows summary { color: var(--text); }
    .rows .reason { display: block; font-size: 0.87rem; color: var(--soft); }
    .override { display: block; margin: 4px 0 0; font-size: 0.93rem; border: 2px solid var(--fail); border-radius: 6px; padding: 4px 8px; }
    .override strong { color: var(--fail); }
    .rows .more { border-left: 3px solid var(--line); padding: 6px 0 2px 12px; margin: 6px 0; font-size: 0.93rem; }
    .rows .more ul { padding-left: 18px; margin: 0; }
    .rows .more .scroll { margin-top: 8px; }
    .rows .more .w { min-width: 12rem; }
    .row:target { background: var(--faint); }
    .boxes { list-style: none; display: flex; flex-wrap: wrap; gap: 8px 32px; padding: 0; font-weight: 600; }
    .box { display: inline-block; width: 1.1em; height: 1.1em; border: 2px solid var(--text); margin-right: 8px;
      vertical-align: -3px; }
    .signatures { width: 100%; }
    .signatures th, .signatures td { border: 1px solid var(--line); padding: 8px 10px; min-width: 7rem; height: 3rem; }
    .signatures tr > :last-child { padding-right: 10px; }
    .signatures thead th { height: auto; }
    .line { border-bottom: 1px solid var(--soft); height: 2rem; }
    .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 20px 28px; margin-top: 26px; }
    .fields div { border-bottom: 1px solid var(--soft); min-height: 3.4rem; }
    .fields span { display: block; font-size: 0.8rem; color: var(--soft); }
    @media screen {
      .rows .out { display: none; }
    }
    @media screen and (max-width: 900px) {
      .answers { grid-template-columns: minmax(0, 1fr); }
    }
    @media screen and (max-width: 640px) {
      .readings div { grid-template-columns: minmax(0, 1fr); }
      .scores, .scores tbody { display: block; }
      .scores caption { display: block; }
      .scores tr { display: grid; grid-template-columns: minmax(0, 1fr) max-content 5rem; padding: 3px 0; }
      .scores th, .scores td { padding: 0; }
      .scores td.bar { grid-row: 2; grid-column: 1 / -1; width: auto; }
      .rows, .rows > tbody, .rows > tbody > tr, .rows .head th { display: block; }
      .rows > thead { display: none; }
      .rows .row { display: grid; grid-template-columns: minmax(0, 1fr) fit-content(65%); border-bottom: 1px solid var(--line);
        padding: 8px 0; gap: 2px 12px; }
      .rows .row > * { border: 0; padding: 0; }
      .rows .row > :empty { display: none; }
      .rows .row > .what { grid-row: 2; grid-column: 1 / -1; }
      .rows .row > .stands, .rows .row > .who { justify-self: end; text-align: right; }
      .rows .row > .owner { color: var(--soft); }
      .rows .row > .owner, .rows .row > .who { font-size: 0.87rem; }
      .rows .date { display: inline; margin-left: 6px; font-size: inherit; }
      .filters label { flex: 1 1 40%; }
      .filters select { max-width: none; }
      .filters .tick, .filters .text { flex-basis: 100%; }
    }
    @media print {
      .decision nav, .filters { display: none; }
      .answers { gap: 0 8px; }
      .decision .banner .facts { grid-template-columns: repeat(4, auto); }
      section { border: 0; padding: 6px 0; }
      .answers section { break-inside: avoid; }
      table, .readings { font-size: 9pt; }
      th.w, td.w, #risks .w { min-width: 0; }
      .rows thead { display: table-header-group; }
      .rows > thead th:nth-child(1) { width: 29mm; }
      .rows > thead th:nth-child(3) { width: 24mm; }
      .rows > thead th:nth-child(4) { width: 24mm; }
      .rows > thead th:nth-child(5) { width: 32mm; }
      .rows .reason, .override { font-size: 8pt; }
      .rows .priority, .rows .date { font-size: 7pt; }
      .rows td, .rows th { padding-top: 3px; padding-bottom: 3px; }
      .rows .head th { padding-top: 10px; }
      .rows .head { break-after: avoid; }
      .rows summary { list-style: none; }
      #checklist { break-before: page; }
      .sheet { break-before: page; break-inside: avoid; }
      .signatures th, .signatures td { height: 15mm; }
    }

    """
}
