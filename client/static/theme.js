// Knows the colours before the first paint, so that none flash in which the page does not stay: those that the reader
// chose, those of the institution as they were last told, and those that the operating system asks for.
// The Content-Security-Policy forbids inline scripts; hence a file.
{
  const root = document.documentElement;
  const asksForContrast = matchMedia('(prefers-contrast: more)');
  const [lightBar, darkBar] = document.querySelectorAll('meta[name="theme-color"]');
  let siteTokens = [];

  const applyChoice = () => {
    const choice = localStorage.getItem('lumen.theme');
    const scheme = choice === 'light' || choice === 'dark' ? choice : '';
    root.dataset.theme = scheme;
    root.style.colorScheme = scheme;
    root.dataset.contrast = choice === 'contrast' || asksForContrast.matches ? 'more' : '';
  };

  const applySite = () => {
    for (const token of siteTokens) root.style.removeProperty(`--site-${token}`);
    const colors = JSON.parse(localStorage.getItem('lumen.colors') ?? '[]');
    siteTokens = colors.map(({ token }) => token);
    for (const { token, light, dark } of colors) {
      root.style.setProperty(`--site-${token}`, `light-dark(${light}, ${dark})`);
      if (token !== 'page') continue;
      lightBar.content = light;
      darkBar.content = dark;
    }
  };

  applyChoice();
  applySite();
  asksForContrast.addEventListener('change', applyChoice);
  // From other windows, and from this one's own pages.
  addEventListener('storage', ({ key }) => {
    if (key === 'lumen.theme') applyChoice();
    if (key === 'lumen.colors') applySite();
  });
}
