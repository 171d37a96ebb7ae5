// Texts that a page must show as text: what runs or fetches where HTML, Markdown, mathematics or an attribute is not escaped, in many disguises;
// and what a spreadsheet takes for a formula.

/** Where nothing may ever be asked for. */
export const foreignHost = "foreign.invalid";
const foreign = `//${foreignHost}`;

/** Would open a dialog. */
const call = "alert(1)";

const markup = [
  `<script>${call}</script>`,
  `<script src=${foreign}/x.js></script>`,
  `<ScRiPt>${call}</sCrIpT>`,
  `<scr<script>ipt>${call}</scr</script>ipt>`,
  `<img src=x onerror=${call}>`,
  `<img src=${foreign}/x.png>`,
  `<img src=x onerror=&#97;&#108;&#101;&#114;&#116;(1)>`,
  `<img srcset="${foreign}/x.png 2x">`,
  `<svg onload=${call}>`,
  `<svg><script>${call}</script></svg>`,
  `<svg><animate onbegin=${call} attributeName=x dur=1s>`,
  `<svg><use href="${foreign}/x.svg#x"></svg>`,
  `<svg><image href="${foreign}/x.png"></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${call}></style></mglyph></table></mtext></math>`,
  `<iframe src="javascript:${call}"></iframe>`,
  `<iframe srcdoc="<script>${call}</script>"></iframe>`,
  `<iframe src="${foreign}/"></iframe>`,
  `<object data="javascript:${call}"></object>`,
  `<embed src="${foreign}/x.swf">`,
  `<link rel=stylesheet href="${foreign}/x.css">`,
  `<link rel=prefetch href="${foreign}/x">`,
  `<style>@import "${foreign}/x.css";</style>`,
  `<style>body { background: url(${foreign}/x.png) }</style>`,
  `<div style="background: url(${foreign}/x.png)">x</div>`,
  `<base href="${foreign}/">`,
  `<meta http-equiv=refresh content="0; url=${foreign}/">`,
  `<meta http-equiv=refresh content="0; url=javascript:${call}">`,
  `<body onload=${call}>`,
  `<details open ontoggle=${call}>x</details>`,
  `<input autofocus onfocus=${call}>`,
  `<select autofocus onfocus=${call}></select>`,
  `<video><source onerror=${call}></video>`,
  `<video poster=${foreign}/x.png></video>`,
  `<audio src=x onerror=${call}>`,
  `<marquee onstart=${call}>x</marquee>`,
  `<form action="${foreign}/"><button autofocus onfocus=${call}>x</button></form>`,
  `<a href="javascript:${call}" autofocus onfocus=${call}>x</a>`,
  `<template><img src=x onerror=${call}></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${call}>"></noscript>`,
  `<!--><img src=x onerror=${call}>-->`,
  `<![CDATA[><img src=x onerror=${call}>]]>`,
  `[x](javascript:${call})`,
  `[x](JaVaScRiPt:${call})`,
  `[x](data:text/html,<script>${call}</script>)`,
  `[x]: javascript:${call}\n\n[x]`,
  `![x](${foreign}/x.png)`,
  `![x](https:${foreign}/x.png "onerror=${call}")`,
  `<javascript:${call}>`,
  `$\\href{javascript:${call}}{x}$`,
  `$\\includegraphics{https:${foreign}/x.png}$`,
  `$\\htmlData{onclick=${call}}{x}$`,
  `$$\\style{background: url(${foreign}/x.png)}{x}$$`,
  `{{constructor.constructor('${call}')()}}`,
  `\${${call}}`,
];

/** What a text may end, or pass as, before the hostile part begins. */
const disguises: ((text: string) => string)[] = [
  (text) => text,
  (text) => `">${text}`,
  (text) => `'>${text}`,
  (text) => `</textarea></title></style></script>${text}`,
  (text) => `" onmouseover=${call} autofocus onfocus=${call} x="${text}`,
  (text) => `**bold** ${text} *it*`,
  (text) => `| a |\n| - |\n| ${text.replaceAll("\n", " ")} |`,
  (text) => `> - ${text}`,
  (text) => `\`\`\`html\n${text}\n\`\`\``,
  (text) => `\`\`\`"><img src=x onerror=${call}>\n${text}\n\`\`\``,
  (text) => text.replaceAll("<", "\u200b<\u200b").replaceAll("script", "scr\u00adipt"),
  (text) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
];

/** Each part in each disguise. */
export const hostileTexts: string[] = disguises.flatMap((disguise) => markup.map(disguise));

const formulas = ['=HYPERLINK("//foreign.invalid","x")', "=cmd|'/C calc'!A0", "+1+1", "-1+1", "@SUM(A1:A9)", "＝1+1"];
export const formulaTexts: string[] = ["", " ", "\t", "\n", "\r\n", "'", " '"].flatMap((before) =>
  formulas.map((text) => before + text),
);

/** The quoted cells of a CSV file. */
export const cellsOf = (csv: string): string[] =>
  [...csv.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell!.replaceAll('""', '"'));

export const isFormula = (cell: string): boolean => /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(cell);
