"""A code holds its text exactly, with the white edge that a camera needs."""

from __future__ import annotations

import base64
import re

import segno

from dashboard.charts import qr_code


def test_the_code_is_the_one_of_this_text_with_its_white_edge():
    words = "Agreed on 29 Apr 2026\nReview: 20 May 2026 – calf raises"
    svg = qr_code.code_svg(words)
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg)}
    matrix = segno.make(words, error="m", micro=False, boost_error=False).matrix
    edge = qr_code.QUIET_ZONE
    assert dark == {
        (x + edge, y + edge) for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    }
    size = len(matrix) + 2 * edge
    assert f"viewBox='0 0 {size} {size}'" in svg


def test_the_image_is_this_code_and_has_its_words():
    image = qr_code.code_image("http://10.0.0.2:8571/pair#abc", 'A <code> with "words"')
    data = re.search(r"base64,([^']+)'", image)
    assert data
    assert base64.b64decode(data[1]).decode() == qr_code.code_svg("http://10.0.0.2:8571/pair#abc")
    assert "alt='A &lt;code&gt; with &quot;words&quot;'" in image
