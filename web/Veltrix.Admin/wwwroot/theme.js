// Remembers the chosen look for a year, for this site only.
export function remember(name, theme) {
  document.cookie = `${name}=${encodeURIComponent(theme)}; path=/; max-age=31536000; samesite=strict`;
}
