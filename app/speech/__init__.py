"""Read aloud: which texts need a clip, the voices that speak them, the clips as they are kept and served."""
