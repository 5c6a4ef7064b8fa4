"""The office: pages in which a merchant runs its program (`/admin`)."""
