"""The Word file in its parts: what stands where, in which style, and an office's own template. parts/ is an unpacked docx."""
