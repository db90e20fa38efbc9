// "Quanh tôi": one button that asks the device where it is. Everything else works without scripts.
const button = document.querySelector<HTMLButtonElement>("#locate");
const told = document.querySelector<HTMLElement>("#locate-status");

if (button && "geolocation" in navigator && isSecureContext) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (told) told.textContent = button.dataset["waiting"] ?? "";
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const query = new URLSearchParams({ lon: coords.longitude.toFixed(5), lat: coords.latitude.toFixed(5) });
        location.search = query.toString();
      },
      () => {
        button.disabled = false;
        if (told) told.textContent = button.dataset["failed"] ?? "";
      },
      { timeout: 10_000, maximumAge: 60_000 },
    );
  });
}

export {};
