/**
 * Draws points with WebGL: the bytes go to the graphics card as the server sent them.
 *
 * It is written by hand, since libraries that make their programs from text at run time are refused by the page's
 * security policy.
 */
import { sideOf, type Size, type View } from "./view";

const VERTEX = `#version 300 es
in vec2 place; in float code; in float chosen;
uniform vec2 middle; uniform vec2 scale; uniform float size; uniform float pass; uniform sampler2D palette;
out vec4 ink;
void main() {
  ink = texelFetch(palette, ivec2(int(code + 0.5), 0), 0);
  bool drawn = ink.a > 0.0 && place.x < 1.0 && (pass < 0.0 || (chosen > 0.5) == (pass > 0.5));
  gl_Position = drawn ? vec4((place - middle) * scale, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = pass > 0.5 ? size * 1.4 + 1.0 : size;
  if (pass == 0.0) ink.a *= 0.25;
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec4 ink; uniform float size; out vec4 color;
void main() {
  if (size > 2.5 && length(gl_PointCoord - 0.5) > 0.5) discard;
  color = vec4(ink.rgb * ink.a, ink.a);
}`;

type Part = "place" | "code" | "chosen";
type Name = "middle" | "scale" | "size" | "pass";

/** What draws one map on one canvas. */
export class Renderer {
  private readonly program: WebGLProgram;
  private readonly buffers: Record<Part, WebGLBuffer>;
  private readonly uniforms: Record<Name, WebGLUniformLocation | null>;
  private n = 0;
  private hasChosen = false;

  private constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = programOf(gl);
    this.buffers = { place: gl.createBuffer(), code: gl.createBuffer(), chosen: gl.createBuffer() };
    const at = (name: Name) => gl.getUniformLocation(this.program, name);
    this.uniforms = { middle: at("middle"), scale: at("scale"), size: at("size"), pass: at("pass") };
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.useProgram(this.program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Null where the browser cannot draw with WebGL 2. */
  static on(canvas: HTMLCanvasElement): Renderer | null {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: true, premultipliedAlpha: true, preserveDrawingBuffer: true });
    return gl === null ? null : new Renderer(gl);
  }

  setPositions(positions: Uint16Array): void {
    this.n = positions.length / 2;
    this.fill("place", positions, 2, this.gl.UNSIGNED_SHORT, true);
  }

  setCodes(codes: Uint8Array): void {
    this.fill("code", codes, 1, this.gl.UNSIGNED_BYTE, false);
  }

  /** One byte an item: 1 where it is selected. */
  setChosen(chosen: Uint8Array, some: boolean): void {
    this.hasChosen = some;
    this.fill("chosen", chosen, 1, this.gl.UNSIGNED_BYTE, false);
  }

  setPalette(palette: Uint8Array): void {
    const { gl } = this;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, palette);
  }

  /** Draw now; ``ratio`` is that of device pixels to those of the page. */
  draw(view: View, size: Size, ratio: number): void {
    const { gl, uniforms } = this;
    const canvas = gl.canvas;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const side = sideOf(view, size);
    gl.uniform2f(uniforms.middle, view.x, view.y);
    gl.uniform2f(uniforms.scale, (2 * side) / size.width, (2 * side) / size.height);
    gl.uniform1f(uniforms.size, pointSize(this.n, view, size) * ratio);
    for (const pass of this.hasChosen ? [0, 1] : [-1]) {
      gl.uniform1f(uniforms.pass, pass);
      gl.drawArrays(gl.POINTS, 0, this.n);
    }
  }

  destroy(): void {
    for (const buffer of Object.values(this.buffers)) this.gl.deleteBuffer(buffer);
    this.gl.deleteProgram(this.program);
  }

  private fill(part: Part, values: Uint16Array | Uint8Array, width: number, type: number, normalized: boolean): void {
    const { gl } = this;
    const at = gl.getAttribLocation(this.program, part);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[part]);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, width, type, normalized, 0, 0);
  }
}

/** Pixels: smaller where there are more points, a little larger where the map is looked at from near. */
export function pointSize(n: number, view: View, size: Size): number {
  const room = Math.sqrt((size.width * size.height) / Math.max(1, n));
  return Math.min(11, Math.max(1.3, 0.36 * room * Math.max(1, view.zoom) ** 0.35));
}

function programOf(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error("The graphics card gave no shader.");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "The map cannot be drawn.");
  return program;
}
