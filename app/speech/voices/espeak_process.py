"""Run as a process: `espeak_process.py VOICE WORDS_PER_MINUTE`, words on standard input, 16-bit samples out.

Imports nothing of ours, so that it starts fast. The numbers are those of espeak-ng's speak_lib.h.
"""

import ctypes
import sys
from typing import Any

import espeakng_loader

SYNCHRONOUS = 2
UTF_8 = 1
RATE = 1
OK = 0
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def speak(words: str, voice: str, words_per_minute: int) -> bytes:
    """Mono samples at the library's 22,050 per second."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    if library.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0) <= 0:
        sys.exit("the library did not start; install the dependencies again")
    if library.espeak_SetVoiceByName(voice.encode()) != OK:
        sys.exit(f"it has no voice «{voice}»")
    library.espeak_SetParameter(RATE, words_per_minute, 0)
    samples = bytearray()

    def collect(sound: Any, n_samples: int, events: Any) -> int:
        if sound and n_samples > 0:
            samples.extend(ctypes.string_at(sound, n_samples * 2))
        return 0

    callback = CALLBACK(collect)  # kept under a name: the library only has its address
    library.espeak_SetSynthCallback(callback)
    text = words.encode() + b"\0"
    if library.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, 0, 0, UTF_8, None, None) != OK:
        sys.exit("it refused the text")
    library.espeak_Synchronize()
    return bytes(samples)


if __name__ == "__main__":
    sys.stdout.buffer.write(speak(sys.stdin.buffer.read().decode(), sys.argv[1], int(sys.argv[2])))
