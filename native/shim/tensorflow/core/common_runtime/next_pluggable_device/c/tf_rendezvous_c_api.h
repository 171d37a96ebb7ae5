// tensorflow/c/kernels.h includes this header for the name of one type, and set-up does not unpack its folder from the wheel.
#pragma once
typedef struct TF_RendezvousThunk TF_RendezvousThunk;
