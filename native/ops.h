// What module.cc registers, a function for each file.
#pragma once

void registerAdamw();
void registerAttention();
void registerBlock();
void registerCopyPages();
void registerDraw();
void registerFile();
void registerForward();
void registerFourBit();
void registerGgufBlocks();
void registerHead();
void registerNorm();
void registerPositions();
void registerProduct();
