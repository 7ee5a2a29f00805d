"""Paths to `app.album.Album`. Nothing is decided here."""

from fastapi import FastAPI, Response

from app.album import Album
from app.album_shapes import AlbumOut, PicturesOut


def add_album(api: FastAPI, album: Album) -> None:
    """The paths of the small pictures."""

    @api.get("/observations/{observation_id}/pictures")
    async def pictures(observation_id: str) -> PicturesOut:
        """Which small pictures show it: the one it was read from, and the one before that."""
        return await album.of(observation_id)

    @api.get("/observations/{observation_id}/thumbnail", response_class=Response)
    async def thumbnail(observation_id: str) -> Response:
        """The small picture (WebP) that was kept of it; 404 when none was."""
        return Response(await album.webp(observation_id), media_type="image/webp")

    @api.get("/pictures")
    async def room() -> AlbumOut:
        """How much room all of them take."""
        return await album.room()

    @api.delete("/pictures")
    async def clear() -> AlbumOut:
        """Deletes all of them. What was read from them stays."""
        return await album.clear()
