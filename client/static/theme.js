// Runs before the first paint, so that a chosen theme never flashes in the other one's colours.
// The Content-Security-Policy forbids inline scripts; hence a file.
{
  const theme = localStorage.getItem('lumen.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
    document.documentElement.style.colorScheme = theme;
  }
}
