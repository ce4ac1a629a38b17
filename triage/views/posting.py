"""What was posted, for the forms of a page: also an empty post is one, and is told what is missing."""


def posted(request):
    """The answers that were sent; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None
