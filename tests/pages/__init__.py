"""The pages: told over HTTP where that is enough, and in Chromium where people's eyes, hands and keyboards matter."""
