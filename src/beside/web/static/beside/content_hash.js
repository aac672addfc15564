/* What a file is known again by: the SHA-256 of the SHA-256 of each piece, as photos/duplicates.py computes it too.
   Empty where the browser can't hash, or can't read the file: then it is simply sent. */

const PIECE = 4 << 20;
const sha256 = async data => new Uint8Array(await crypto.subtle.digest('SHA-256', data));

export async function contentHash(file) {
  try {
    const hashes = new Uint8Array(32 * Math.ceil(file.size / PIECE));
    for (let n = 0; n < hashes.length / 32; n += 1) {
      hashes.set(await sha256(await file.slice(n * PIECE, (n + 1) * PIECE).arrayBuffer()), n * 32);
    }
    return Array.from(await sha256(hashes), byte => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return '';
  }
}
