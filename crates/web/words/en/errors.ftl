## Errors
error-not-found = Page not found
error-not-found-text = There is no page at this address. It may have moved or been mistyped.
error-entity-not-found = Entity not found
error-entity-not-found-text = This entity is not, or no longer, in the system.
error-bad-request = The request is not right
error-bad-request-text = Something in the address or in what was sent is not right. Nothing was changed.
error-denied = Not allowed
error-denied-text = You may not see this page or do this. Nothing was changed.
error-other-site = The request came from another site
error-other-site-text = Your browser sent this from a page that is not ours, so it was refused. Nothing was changed. Open our page and do it again there.
error-too-many = Too many requests
error-too-many-text = You, or others in the network that you use, have asked for very much in a short time. Wait a few seconds, then load the page again.
error-busy = The system is busy
error-busy-text = There are too many requests at once. Try again in a few minutes.
error-internal = Something went wrong
error-internal-text = The error was recorded. Try to load the page again in a few minutes.
to-start = To the start page
